#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

word number_word(uint64_t number) {
    word answer = {{0}};
    for (int i = 0; i < 8; i++) answer.bytes[31 - i] = (uint8_t)(number >> (8 * i));
    return answer;
}

static uint64_t word_number(const word *from) {
    uint64_t number = 0;
    for (int i = 24; i < 32; i++) number = number << 8 | from->bytes[i];
    return number;
}

word filled(uint8_t byte) {
    word answer;
    memset(answer.bytes, byte, 32);
    return answer;
}

static struct account *find(struct context *context, const address *at) {
    for (size_t i = 0; i < context->state.accounts; i++)
        if (!memcmp(&context->state.account[i].at, at, sizeof *at))
            return &context->state.account[i];
    return NULL;
}

struct account *account_at(struct context *context, const address *at) {
    struct account *there = find(context, at);
    if (there) return there;
    if (context->state.accounts == MAX_ACCOUNTS) {
        fprintf(stderr, "too many accounts\n");
        exit(2);
    }
    there = &context->state.account[context->state.accounts++];
    memset(there, 0, sizeof *there);
    there->at = *at;
    return there;
}

static bool account_exists(struct context *context, const address *at) {
    return find(context, at) != NULL;
}

static word get_balance(struct context *context, const address *at) {
    struct account *there = find(context, at);
    return number_word(there ? there->balance : 0);
}

static size_t get_code_size(struct context *context, const address *at) {
    struct account *there = find(context, at);
    return there ? there->code_size : 0;
}

static word get_code_hash(struct context *context, const address *at) {
    return filled(find(context, at) ? 0xc0 : 0);
}

static size_t copy_code(struct context *context, const address *at, size_t offset, uint8_t *buffer,
                        size_t size) {
    struct account *there = find(context, at);
    if (!there || offset >= there->code_size) return 0;
    size_t rest = there->code_size - offset, copied = size < rest ? size : rest;
    memcpy(buffer, there->code + offset, copied);
    return copied;
}

static word get_storage(struct context *context, const address *at, const word *key) {
    struct account *there = account_at(context, at);
    for (size_t i = 0; i < there->slots; i++)
        if (!memcmp(&there->slot[i].key, key, sizeof *key)) return there->slot[i].value;
    return filled(0);
}

static bool is_zero(const word *value) {
    word zero = filled(0);
    return !memcmp(value, &zero, sizeof zero);
}

static int storage_status(const word *original, const word *current, const word *new) {
    bool unchanged = !memcmp(current, new, sizeof *new),
         clean = !memcmp(original, current, sizeof *new);
    if (unchanged || !clean) return 0;
    if (is_zero(current)) return 1;
    return is_zero(new) ? 2 : 3;
}

static int set_storage(struct context *context, const address *at, const word *key,
                       const word *value) {
    struct account *there = account_at(context, at);
    size_t i = 0;
    while (i < there->slots && memcmp(&there->slot[i].key, key, sizeof *key)) i++;
    if (i == MAX_SLOTS) {
        fprintf(stderr, "too many slots\n");
        exit(2);
    }
    if (i == there->slots) {
        there->slots++;
        there->slot[i].key = *key;
        there->slot[i].original = there->slot[i].value = filled(0);
    }
    int status = storage_status(&there->slot[i].original, &there->slot[i].value, value);
    there->slot[i].value = *value;
    return context->storage_status ? context->storage_status : status;
}

static bool selfdestruct(struct context *context, const address *at, const address *beneficiary) {
    uint64_t balance = account_at(context, at)->balance;
    account_at(context, at)->balance = 0;
    account_at(context, beneficiary)->balance += balance;
    bool first = !account_at(context, at)->destroyed;
    account_at(context, at)->destroyed = true;
    return first;
}

static word get_block_hash(struct context *context, int64_t number) {
    (void)context;
    return filled((uint8_t)number);
}

static void emit_log(struct context *context, const address *at, const uint8_t *data, size_t size,
                     const word *topics, size_t count) {
    (void)at, (void)data, (void)topics;
    context->state.logs++;
    context->state.log_size = size;
    context->state.log_topics = count;
}

static int access_account(struct context *context, const address *at) {
    (void)context, (void)at;
    return 1;
}

static int access_storage(struct context *context, const address *at, const word *key) {
    (void)context, (void)at, (void)key;
    return 1;
}

static word get_transient_storage(struct context *context, const address *at, const word *key) {
    (void)at;
    return memcmp(key, &context->transient_key, sizeof *key) ? filled(0) : context->transient_value;
}

static void set_transient_storage(struct context *context, const address *at, const word *key,
                                  const word *value) {
    (void)at;
    context->transient_key = *key;
    context->transient_value = *value;
}

static struct tx_context get_tx_context(struct context *context) {
    static word blob_hashes[2];
    blob_hashes[1] = filled(0xb1);
    struct tx_context answer;
    memset(&answer, 0, sizeof answer);
    answer.tx_gas_price = number_word(7);
    memset(&answer.tx_origin, 0x0f, 20);
    memset(&answer.block_coinbase, 0xcb, 20);
    answer.block_number = 1000;
    answer.block_timestamp = 2000;
    answer.block_gas_limit = 3000;
    answer.block_prev_randao = filled(0xda);
    answer.chain_id = number_word(61);
    answer.block_base_fee = number_word(8);
    answer.blob_base_fee = number_word(9);
    answer.blob_hashes = blob_hashes;
    answer.blob_hashes_count = 2;
    if (context->blob_hashes) {
        answer.blob_hashes = (const word *)context->blob_hashes;
        answer.blob_hashes_count = context->blob_hashes_count;
    }
    return answer;
}

size_t released;

static void release(const struct result *result) {
    (void)result;
    released++;
}

static struct result call(struct context *context, const struct message *message) {
    if (context->messages < MAX_MESSAGES) context->message[context->messages++] = *message;
    char here;
    if (!context->stack_first) context->stack_first = (uintptr_t)&here;
    if (message->depth > context->deepest) {
        context->deepest = message->depth;
        context->stack_deepest = (uintptr_t)&here;
    }
    bool is_meant = !context->call_status_depth || context->call_status_depth == message->depth;
    if (is_meant && (context->call_status || context->call_answered)) {
        struct result wrong;
        memset(&wrong, 0, sizeof wrong);
        wrong.status_code = context->call_status;
        wrong.gas_left = context->call_keeps_gas ? message->gas : context->call_gas_left;
        wrong.gas_refund = 77;
        wrong.output_data = context->call_output;
        wrong.output_size = context->call_output_size;
        wrong.release = release;
        memset(&wrong.create_address, 0x99, sizeof wrong.create_address);
        return wrong;
    }
    return run(context, message);
}

static struct result run_code(struct context *context, struct message *message) {
    bool creates = message->kind == CREATE || message->kind == CREATE2;
    uint64_t value = word_number(&message->value);
    const uint8_t *code;
    size_t code_size;
    if (creates) {
        static uint8_t made;
        memset(&message->recipient, 0xc0, 20);
        message->recipient.bytes[19] = ++made;
        message->code_address = message->recipient;
        code = message->input_data;
        code_size = message->input_size;
        message->input_data = NULL;
        message->input_size = 0;
    } else {
        struct account *there = find(context, &message->code_address);
        code = there ? there->code : NULL;
        code_size = there ? there->code_size : 0;
    }
    if (creates || message->kind == CALL) {
        account_at(context, &message->sender)->balance -= value;
        account_at(context, &message->recipient)->balance += value;
    }
    struct result result = context->vm->execute(context->vm, &HOST, context, context->revision,
                                                message, code, code_size);
    if (creates && result.status_code == SUCCESS) {
        uint8_t *kept = malloc(result.output_size + 1);
        if (result.output_size) memcpy(kept, result.output_data, result.output_size);
        struct account *there = account_at(context, &message->recipient);
        there->code = kept;
        there->code_size = result.output_size;
        if (result.release) result.release(&result);
        result.output_data = NULL;
        result.output_size = 0;
        result.release = NULL;
        result.create_address = message->recipient;
    }
    return result;
}

struct result run(struct context *context, const struct message *message) {
    struct state *before = malloc(sizeof *before);
    *before = context->state;
    struct message copy = *message;
    struct result result = run_code(context, &copy);
    if (result.status_code != SUCCESS) context->state = *before;
    free(before);
    return result;
}

const struct host HOST = {
    account_exists, get_storage,    set_storage,    get_balance,    get_code_size,  get_code_hash,
    copy_code,      selfdestruct,   call,           get_tx_context, get_block_hash, emit_log,
    access_account, access_storage, get_transient_storage, set_transient_storage,
};
