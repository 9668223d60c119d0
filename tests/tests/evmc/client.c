/**
 * A client in C: loads the library that the first argument names, and runs the contracts in the
 * directory that the second one names.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host.h"

static int failures;

static void check(bool right, int line, const char *what) {
    if (right) return;
    failures++;
    fprintf(stderr, "client.c:%d: not so: %s\n", line, what);
}
#define CHECK(expression) check((expression), __LINE__, #expression)
#define CHECK_STATUS(result, expected) check_status((result), (expected), __LINE__)

static void check_status(struct result result, int expected, int line) {
    if (result.status_code != expected) {
        failures++;
        fprintf(stderr, "client.c:%d: status %d, expected %d\n", line, result.status_code,
                expected);
    }
    check((result.output_data == NULL) == (result.output_size == 0), line,
          "output is null exactly when it is empty");
    if (expected != SUCCESS && expected != REVERT)
        check(result.gas_left == 0, line, "a failure leaves no gas");
    if (expected != SUCCESS) check(result.gas_refund == 0, line, "only success refunds");
    if (result.release) result.release(&result);
}

static const char *directory;

static const uint8_t *contract(const char *name, size_t *size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.wasm", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    uint8_t *code = malloc(1 << 18);
    *size = fread(code, 1, 1 << 18, file);
    fclose(file);
    return code;
}

static address at(uint8_t byte) {
    address answer;
    memset(&answer, byte, sizeof answer);
    return answer;
}

static const uint8_t SENDER = 0x5e, ECHO = 0xec, RELAY = 0x1e, FACTORY = 0xfa, ENDINGS = 0xed,
                     DEEP = 0xde;

static void put(struct context *context, uint8_t where, const char *name) {
    address there = at(where);
    struct account *account = account_at(context, &there);
    account->balance = 1000;
    if (name) account->code = contract(name, &account->code_size);
}

static struct context *new_context(struct vm *vm, int revision) {
    struct context *context = calloc(1, sizeof *context);
    context->vm = vm;
    context->revision = revision;
    put(context, SENDER, NULL);
    put(context, ECHO, "echo");
    put(context, RELAY, "relay");
    put(context, FACTORY, "factory");
    put(context, ENDINGS, "endings");
    put(context, DEEP, "deep");
    return context;
}

static struct message message_to(uint8_t where, const void *input, size_t size) {
    struct message message;
    memset(&message, 0, sizeof message);
    message.kind = CALL;
    message.gas = 100000000;
    message.recipient = message.code_address = at(where);
    message.sender = at(SENDER);
    message.input_data = input;
    message.input_size = size;
    return message;
}

static bool bytes_are(const uint8_t *bytes, uint8_t byte, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != byte) return false;
    return true;
}

static void what_the_conformance_tool_checks(struct vm *vm) {
    CHECK(vm->abi_version == 12);
    CHECK(vm->name && *vm->name);
    CHECK(vm->version && *vm->version);
    CHECK(vm->get_capabilities(vm) == 2);
    struct context *context = new_context(vm, OSAKA);
    const uint8_t code[] = {0xfe, 0x00};
    for (int revision = OSAKA; revision <= EXPERIMENTAL; revision++) {
        int expected = revision == OSAKA ? FAILURE : REJECTED;
        struct message message = message_to(ECHO, NULL, 0);
        message.gas = 0;
        struct result result = vm->execute(vm, &HOST, context, revision, &message, code, 2);
        CHECK(bytes_are(result.create_address.bytes, 0, 20));
        CHECK_STATUS(result, expected);
        message.kind = CREATE;
        message.gas = 65536;
        result = vm->execute(vm, &HOST, context, revision, &message, code, 2);
        CHECK(bytes_are(result.create_address.bytes, 0, 20));
        CHECK_STATUS(result, expected);
    }
    CHECK(vm->set_option(vm, "no such option", NULL) == 1);
    CHECK(vm->set_option(vm, "no such option", "1") == 1);
    CHECK(vm->set_option(vm, "metering", NULL) == 2);
    CHECK(vm->set_option(vm, "metering", "perhaps") == 2);
    CHECK(vm->set_option(vm, NULL, "true") == 1);
    CHECK(vm->set_option(vm, "\xff", "true") == 1);
    CHECK(vm->set_option(vm, "metering", "\xff") == 2);
    free(context);
}

/* Has `relay` send a message to `echo`, and checks what the client and the contract saw. */
static void relay(struct vm *vm, int how, int kind, uint8_t recipient, uint8_t sender,
                  uint8_t value, bool is_static) {
    struct context *context = new_context(vm, CANCUN);
    uint8_t input[41] = {(uint8_t)how};
    memset(input + 1, ECHO, 20);
    input[21] = 3;
    memcpy(input + 37, "data", 4);
    struct message message = message_to(RELAY, input, sizeof input);
    message.value = number_word(5);
    struct result result = run(context, &message);

    CHECK(context->messages == 1);
    struct message *sent = &context->message[0];
    CHECK(sent->kind == kind);
    CHECK(sent->flags == (is_static ? FLAG_STATIC : 0));
    CHECK(sent->depth == 1);
    CHECK(bytes_are(sent->recipient.bytes, recipient, 20));
    CHECK(bytes_are(sent->code_address.bytes, ECHO, 20));
    CHECK(bytes_are(sent->sender.bytes, sender, 20));
    CHECK(sent->value.bytes[31] == value && bytes_are(sent->value.bytes, 0, 31));
    CHECK(sent->input_size == 4);
    CHECK(sent->code == NULL && sent->code_size == 0);

    CHECK(result.output_size == 1 + 56 + 4);
    if (result.output_size == 61) {
        const uint8_t *output = result.output_data;
        CHECK(output[0] == 0);
        CHECK(bytes_are(output + 1, sender, 20));
        CHECK(bytes_are(output + 21, recipient, 20));
        CHECK(output[41] == value && bytes_are(output + 42, 0, 15));
        CHECK(!memcmp(output + 57, "data", 4));
    }
    CHECK(result.gas_left > 0 && result.gas_left < message.gas);
    CHECK_STATUS(result, SUCCESS);
    address echo = at(ECHO);
    CHECK(account_at(context, &echo)->balance == (kind == CALL && !is_static ? 1003u : 1000u));
    free(context);
}

static void nested_calls_have_the_right_parties(struct vm *vm) {
    relay(vm, 0, CALL, ECHO, RELAY, 3, false);
    relay(vm, 1, CALLCODE, RELAY, RELAY, 3, false);
    relay(vm, 2, DELEGATECALL, RELAY, SENDER, 5, false);
    relay(vm, 3, CALL, ECHO, RELAY, 0, true);
}

/**
 * EIP-7702: the machine looks the delegation up, pays for it, and has the other account's code run.
 */
static void delegations_are_followed_from_prague_on(struct vm *vm) {
    uint8_t code[23] = {0xef, 0x01, 0x00};
    const int flags[] = {0, 0, 0, FLAG_STATIC};
    for (int how = 0; how < 4; how++) {
        uint64_t left[2];
        for (int is_prague = 0; is_prague < 2; is_prague++) {
            struct context *context = new_context(vm, is_prague ? PRAGUE : CANCUN);
            memset(code + 3, ECHO, 20);
            address delegating = at(0xda);
            struct account *account = account_at(context, &delegating);
            account->code = code;
            account->code_size = sizeof code;
            uint8_t input[37] = {(uint8_t)how};
            memset(input + 1, 0xda, 20);
            struct message message = message_to(RELAY, input, sizeof input);
            struct result result = run(context, &message);
            struct message *sent = &context->message[0];
            CHECK(context->messages == 1);
            CHECK(bytes_are(sent->code_address.bytes, is_prague ? ECHO : 0xda, 20));
            CHECK(bytes_are(sent->recipient.bytes, how == 0 || how == 3 ? 0xda : RELAY, 20));
            CHECK(sent->flags == (uint32_t)(flags[how] | (is_prague ? FLAG_DELEGATED : 0)));
            CHECK(result.output_size >= 1 && result.output_data[0] == (is_prague ? 0 : 1));
            left[is_prague] = (uint64_t)result.gas_left;
            CHECK_STATUS(result, SUCCESS);

            /* An account with a precompiled contract for its code is one without code. */
            memset(code + 3, 0, 20);
            code[22] = 9;
            context->messages = 0;
            CHECK_STATUS(run(context, &message), SUCCESS);
            CHECK(context->messages == 1);
            free(context);
        }
        CHECK(left[1] > left[0]);
    }
}

static void static_frames_stay_static(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    uint8_t input[37 + 37] = {3};
    memset(input + 1, RELAY, 20);
    for (int how = 1; how < 4; how++) {
        context->messages = 0;
        input[37] = (uint8_t)how;
        memset(input + 38, ECHO, 20);
        struct message message = message_to(RELAY, input, sizeof input);
        CHECK_STATUS(run(context, &message), SUCCESS);
        CHECK(context->messages == 2);
        CHECK(context->message[0].flags == FLAG_STATIC && context->message[1].flags == FLAG_STATIC);
        CHECK(context->message[1].depth == 2);
    }
    free(context);
}

static void contracts_are_created(struct vm *vm) {
    size_t size;
    const uint8_t *init_code = contract("gives_echo", &size);
    for (int kind = 0; kind < 2; kind++) {
        struct context *context = new_context(vm, CANCUN);
        uint8_t *input = calloc(1, 49 + size);
        input[0] = (uint8_t)kind;
        input[1] = 4;
        memset(input + 17, 0x5a, 32);
        memcpy(input + 49, init_code, size);
        struct message message = message_to(FACTORY, input, 49 + size);
        struct result result = run(context, &message);
        CHECK(context->messages == 1);
        struct message *sent = &context->message[0];
        CHECK(sent->kind == (kind ? CREATE2 : CREATE));
        CHECK(sent->input_size == size);
        CHECK(sent->value.bytes[31] == 4);
        CHECK(bytes_are(sent->create2_salt.bytes, kind ? 0x5a : 0, 32));
        CHECK(bytes_are(sent->sender.bytes, FACTORY, 20));
        address made = at(0);
        CHECK(result.output_size == 21 && result.output_data[0] == 0);
        if (result.output_size == 21) memcpy(&made, result.output_data + 1, 20);
        CHECK_STATUS(result, SUCCESS);

        size_t echo_size;
        const uint8_t *echo = contract("echo", &echo_size);
        struct account *account = account_at(context, &made);
        CHECK(account->balance == 4);
        CHECK(account->code_size == echo_size && !memcmp(account->code, echo, echo_size));
        message = message_to(0, "hello", 5);
        message.recipient = message.code_address = made;
        result = run(context, &message);
        CHECK(result.output_size == 61 && !memcmp(result.output_data + 56, "hello", 5));
        CHECK_STATUS(result, SUCCESS);
        free(input);
        free(context);
    }
}

static struct result deploy(struct context *context, const char *name) {
    struct message message = message_to(0, NULL, 0);
    message.kind = CREATE;
    message.input_data = contract(name, &message.input_size);
    return run(context, &message);
}

static void new_code_is_checked(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    CHECK_STATUS(deploy(context, "gives_echo"), SUCCESS);
    CHECK_STATUS(deploy(context, "gives_evm"), SUCCESS);
    CHECK_STATUS(deploy(context, "gives_broken"), CONTRACT_VALIDATION_FAILURE);
    CHECK_STATUS(deploy(context, "gives_ef"), FAILURE);
    CHECK_STATUS(deploy(context, "broken"), CONTRACT_VALIDATION_FAILURE);
    CHECK_STATUS(deploy(context, "debugging"), CONTRACT_VALIDATION_FAILURE);
    free(context);
}

static struct result ending(struct context *context, uint8_t which, uint32_t flags) {
    uint8_t input[64] = {which, 0xe0};
    input[63] = 0x77;
    struct message message = message_to(ENDINGS, input, sizeof input);
    message.flags = flags;
    return run(context, &message);
}

static void every_ending_has_its_status(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    CHECK_STATUS(ending(context, 0, 0), SUCCESS);
    struct result reverted = ending(context, 1, 0);
    CHECK(reverted.gas_left > 0 && reverted.output_size == 4 && reverted.output_data[1] == 0xe0);
    CHECK_STATUS(reverted, REVERT);
    CHECK_STATUS(ending(context, 2, 0), WASM_UNREACHABLE_INSTRUCTION);
    CHECK_STATUS(ending(context, 3, 0), WASM_TRAP);
    CHECK_STATUS(ending(context, 4, 0), INVALID_MEMORY_ACCESS);
    CHECK_STATUS(ending(context, 5, 0), OUT_OF_GAS);
    CHECK_STATUS(ending(context, 6, 0), STACK_OVERFLOW);
    CHECK_STATUS(ending(context, 7, 0), ARGUMENT_OUT_OF_RANGE);
    CHECK(context->state.logs == 0);
    CHECK_STATUS(ending(context, 8, 0), SUCCESS);
    struct result stored = ending(context, 11, 0);
    CHECK(stored.output_size == 32 && stored.output_data[31] == 0x77);
    CHECK_STATUS(stored, SUCCESS);
    CHECK_STATUS(ending(context, 9, 0), SUCCESS);
    CHECK(context->state.logs == 1 && context->state.log_topics == 2 &&
          context->state.log_size == 4);
    for (uint8_t which = 8; which <= 10; which++)
        CHECK_STATUS(ending(context, which, FLAG_STATIC), STATIC_MODE_VIOLATION);
    CHECK_STATUS(ending(context, 10, 0), SUCCESS);
    CHECK_STATUS(ending(context, 0, FLAG_DELEGATED), SUCCESS);
    free(context);
}

static void a_failure_is_undone(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    CHECK_STATUS(ending(context, 12, 0), REVERT);
    struct result stored = ending(context, 11, 0);
    CHECK(stored.output_size == 32 && bytes_are(stored.output_data, 0, 32));
    CHECK_STATUS(stored, SUCCESS);
    free(context);
}

static void refunds_are_those_of_the_revision(struct vm *vm) {
    const struct {
        int revision;
        int64_t refund;
    } rows[] = {{BYZANTIUM, 15000}, {8, 15000}, {9, 4800}, {OSAKA, 4800}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct context *context = new_context(vm, rows[i].revision);
        address there = at(ENDINGS);
        struct account *account = account_at(context, &there);
        account->slots = 1;
        account->slot[0].key = filled(0);
        account->slot[0].original = account->slot[0].value = filled(1);
        uint8_t input[64] = {8};
        struct message message = message_to(ENDINGS, input, sizeof input);
        struct result result = run(context, &message);
        CHECK(result.gas_refund == rows[i].refund);
        CHECK_STATUS(result, SUCCESS);
        free(context);
    }
}

static struct result ask(struct vm *vm, struct context *context, int revision,
                         const struct message *message, const char *name) {
    size_t size;
    const uint8_t *code = contract(name, &size);
    return vm->execute(vm, &HOST, context, revision, message, code, size);
}

static void what_is_not_known_is_rejected(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    const int revisions[] = {-1, 0, 3, 15, 16, 1 << 30};
    struct message message = message_to(ECHO, NULL, 0), good = message;
    for (size_t i = 0; i < sizeof revisions / sizeof *revisions; i++)
        CHECK_STATUS(ask(vm, context, revisions[i], &message, "echo"), REJECTED);
    const int kinds[] = {-1, EOFCREATE, 6, 1 << 30};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        message.kind = kinds[i];
        CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), REJECTED);
    }
    message = good;
    message.flags = 4;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), REJECTED);
    message = good;
    message.depth = -1;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), REJECTED);
    message = good;
    message.gas = -1;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), REJECTED);
    message = good;
    message.depth = 1025;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), CALL_DEPTH_EXCEEDED);
    message.depth = 1024;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), SUCCESS);
    message.gas = 0;
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "echo"), OUT_OF_GAS);
    for (int revision = BYZANTIUM; revision <= OSAKA; revision++)
        CHECK_STATUS(ask(vm, context, revision, &good, "echo"), SUCCESS);
    CHECK_STATUS(ask(vm, context, 11, &good, "later_environment"), CONTRACT_VALIDATION_FAILURE);
    free(context);
}

static void null_pointers_and_wrong_answers_do_no_harm(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    struct message message = message_to(ECHO, NULL, 0);
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, NULL, 0), SUCCESS);
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, (const uint8_t *)"", 0),
                 SUCCESS);
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, NULL, 1), INTERNAL_ERROR);
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, NULL, NULL, 0), INTERNAL_ERROR);
    size_t size;
    const uint8_t *code = contract("echo", &size);
    CHECK_STATUS(vm->execute(vm, NULL, NULL, CANCUN, &message, code, size), SUCCESS);
    code = contract("deep", &size);
    CHECK_STATUS(vm->execute(vm, NULL, NULL, CANCUN, &message, code, size), INTERNAL_ERROR);
    struct host empty;
    memset(&empty, 0, sizeof empty);
    CHECK_STATUS(vm->execute(vm, &empty, context, CANCUN, &message, code, size), INTERNAL_ERROR);

    context->storage_status = 9;
    CHECK_STATUS(ending(context, 8, 0), INTERNAL_ERROR);
    context->storage_status = -1;
    CHECK_STATUS(ending(context, 8, 0), INTERNAL_ERROR);
    context->storage_status = 0;

    uint8_t input[37] = {0};
    memset(input + 1, ECHO, 20);
    struct message relayed = message_to(RELAY, input, sizeof input);
    const int failed[] = {FAILURE, OUT_OF_GAS, PRECOMPILE_FAILURE, INSUFFICIENT_BALANCE,
                          18,      1000,       INT32_MAX};
    for (size_t i = 0; i < sizeof failed / sizeof *failed; i++) {
        context->call_status = failed[i];
        struct result result = run(context, &relayed);
        CHECK(result.output_size == 1 && result.output_data[0] == 1);
        CHECK_STATUS(result, SUCCESS);
    }
    context->call_status = REVERT;
    struct result result = run(context, &relayed);
    CHECK(result.output_size == 1 && result.output_data[0] == 2);
    CHECK_STATUS(result, SUCCESS);

    /* Sizes that nothing has. */
    const uint8_t byte[] = {0};
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, byte, SIZE_MAX), INTERNAL_ERROR);
    message.input_data = byte;
    message.input_size = SIZE_MAX;
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, code, size), INTERNAL_ERROR);
    message.input_data = NULL;
    message.input_size = 1;
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, code, size), INTERNAL_ERROR);
    context->call_status = 0;
    context->blob_hashes = byte;
    context->blob_hashes_count = SIZE_MAX / 32;
    CHECK_STATUS(ask(vm, context, CANCUN, &relayed, "later_environment"), INTERNAL_ERROR);
    free(context);
}

/**
 * Calls and creates, each by its two contracts: how they send the message, and what they are asked
 * for.
 */
static struct message nesting(int how, uint8_t *input) {
    memset(input, 0, 64);
    input[0] = (uint8_t)(how & 1);
    if (how < 2) {
        memset(input + 1, ECHO, 20);
        return message_to(RELAY, input, 37);
    }
    return message_to(FACTORY, input, 64);
}

/**
 * By the ABI no contract is told of a negative status: it ends all messages around the one that had
 * it.
 */
static void a_negative_status_ends_the_messages_around(struct vm *vm) {
    const int statuses[] = {INTERNAL_ERROR, REJECTED, OUT_OF_MEMORY, -4, -1000, INT32_MIN};
    struct context *context = new_context(vm, CANCUN);
    uint8_t input[64], around[37 + 37] = {0};
    memset(around + 1, RELAY, 20);
    memset(around + 38, ECHO, 20);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        context->call_status = statuses[i];
        context->call_output = (const uint8_t *)"why";
        context->call_output_size = 3;
        context->call_keeps_gas = true;
        context->call_status_depth = 0;
        for (int how = 0; how < 4; how++) {
            struct message message = nesting(how, input);
            released = context->messages = 0;
            struct result result = run(context, &message);
            CHECK(result.output_size == 0 && context->messages == 1 && released == 1);
            CHECK_STATUS(result, statuses[i]);
        }
        context->call_status_depth = 2;
        struct message outer = message_to(RELAY, around, sizeof around);
        context->messages = 0;
        CHECK_STATUS(run(context, &outer), statuses[i]);
        CHECK(context->messages == 2);

        /* Nothing comes after it: `repeat` would store, log and call again. */
        context->call_status_depth = 0;
        size_t size;
        const uint8_t *code = contract("repeat", &size);
        struct message repeated = message_to(ENDINGS, NULL, 0);
        context->messages = context->state.logs = 0;
        CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &repeated, code, size), statuses[i]);
        CHECK(context->messages == 1 && context->state.logs == 0);
    }
    /* Without it, it does all of that. */
    context->call_status = FAILURE;
    context->call_keeps_gas = false;
    context->messages = 0;
    struct message repeated = message_to(ENDINGS, NULL, 0);
    CHECK_STATUS(ask(vm, context, CANCUN, &repeated, "repeat"), SUCCESS);
    CHECK(context->messages == 2 && context->state.logs == 1);
    free(context);
}

/**
 * A client says so of a message that could not begin, as that of a create at the last nonce
 * (EIP-2681).
 */
static void a_failure_that_leaves_gas_did_not_begin(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    uint8_t input[64];
    for (int how = 0; how < 4; how++) {
        struct message message = nesting(how, input);
        int64_t left[2];
        for (int keeps = 0; keeps < 2; keeps++) {
            context->messages = 0;
            context->call_status = FAILURE;
            context->call_keeps_gas = keeps;
            struct result result = run(context, &message);
            CHECK(result.output_size == 1 && result.output_data[0] == 1);
            left[keeps] = result.gas_left;
            CHECK_STATUS(result, SUCCESS);
        }
        CHECK(left[1] == left[0] + context->message[0].gas);
    }
    free(context);
}

static void answers_have_bounds(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    context->call_answered = true;
    uint8_t input[64];
    for (int how = 0; how < 4; how++) {
        struct message message = nesting(how, input);
        /* Gas below nothing is none, and above what the message had is what it had. */
        int64_t gas[] = {INT64_MIN, 0, INT64_MAX}, left[3];
        for (int i = 0; i < 3; i++) {
            context->messages = 0;
            context->call_gas_left = gas[i];
            struct result result = run(context, &message);
            CHECK(result.output_size == (how < 2 ? 1 : 21) && result.output_data[0] == 0);
            CHECK(how < 2 || bytes_are(result.output_data + 1, 0x99, 20));
            CHECK(result.gas_refund == 77);
            left[i] = result.gas_left;
            CHECK_STATUS(result, SUCCESS);
        }
        CHECK(left[0] == left[1] && left[2] == left[1] + context->message[0].gas);

        /* Output that cannot be there is released all the same. */
        const int statuses[] = {SUCCESS, FAILURE, REVERT};
        const size_t sizes[] = {1, SIZE_MAX / 2 + 1, SIZE_MAX};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                context->call_status = statuses[i];
                context->call_output = j ? (const uint8_t *)"" : NULL;
                context->call_output_size = sizes[j];
                released = 0;
                CHECK_STATUS(run(context, &message), INTERNAL_ERROR);
                CHECK(released == 1);
            }
        context->call_status = 0;
        context->call_output = NULL;
        context->call_output_size = 0;
    }
    free(context);
}

/* Bytes of memory that this process may have more than it has. */
static void limit_memory(rlim_t more) {
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    if (more != RLIM_INFINITY) {
        unsigned long pages = 0;
        FILE *file = fopen("/proc/self/statm", "r");
        CHECK(file && fscanf(file, "%lu", &pages) == 1);
        if (file) fclose(file);
        limit.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
    }
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
}

static void what_there_is_no_memory_for_ends_the_message(struct vm *vm) {
    const size_t much = (size_t)1 << 30;
    struct context *context = new_context(vm, CANCUN);
    uint8_t *bytes =
        mmap(NULL, much, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(bytes != MAP_FAILED);
    uint8_t input[37] = {0};
    memset(input + 1, ECHO, 20);
    struct message relayed = message_to(RELAY, input, sizeof input),
                   large = message_to(ECHO, bytes, much);

    limit_memory(much / 2);
    CHECK_STATUS(run(context, &large), OUT_OF_MEMORY);
    context->call_status = REVERT;
    context->call_output = bytes;
    context->call_output_size = much;
    CHECK_STATUS(run(context, &relayed), OUT_OF_MEMORY);
    context->call_status = 0;
    context->blob_hashes = bytes;
    context->blob_hashes_count = much / 32;
    CHECK_STATUS(ask(vm, context, CANCUN, &relayed, "later_environment"), OUT_OF_MEMORY);
    context->blob_hashes = NULL;
    CHECK_STATUS(run(context, &relayed), SUCCESS);
    limit_memory(RLIM_INFINITY);

    munmap(bytes, much);
    free(context);
}

static void the_environment_is_the_clients(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    address echo = at(ECHO);
    struct message message = message_to(RELAY, &echo, sizeof echo);
    struct result result = ask(vm, context, CANCUN, &message, "environment");
    CHECK(result.output_size == 138);
    if (result.output_size == 138) {
        const uint8_t *output = result.output_data;
        CHECK(bytes_are(output, 0x0f, 20) && bytes_are(output + 20, 0xcb, 20));
        CHECK(output[40] == 7 && bytes_are(output + 41, 0, 15));
        CHECK(output[56] + 256 * output[57] == 1000 && output[64] + 256 * output[65] == 2000);
        CHECK(output[72] + 256 * output[73] == 3000);
        CHECK(output[80] == 0 && bytes_are(output + 81, (uint8_t)999, 32) && output[113] == 1);
        CHECK(output[114] + 256 * output[115] == 1000);
        size_t size;
        contract("echo", &size);
        CHECK((size_t)(output[130] + 256 * output[131]) == size &&
              !memcmp(output + 134, "\0asm", 4));
    }
    CHECK_STATUS(result, SUCCESS);
    result = ask(vm, context, CANCUN, &message, "later_environment");
    CHECK(result.output_size == 226);
    if (result.output_size == 226) {
        const uint8_t *output = result.output_data;
        CHECK(output[0] == 61 && output[16] + 256 * output[17] == 1000);
        CHECK(output[32] == 8 && output[64] == 9 && bytes_are(output + 96, 0xda, 32));
        CHECK(output[128] == 9 && bytes_are(output + 129, 0, 31));
        CHECK(bytes_are(output + 160, 0xc0, 32) && bytes_are(output + 192, 0xb1, 32));
        CHECK(output[224] == 0 && output[225] == 1);
    }
    CHECK_STATUS(result, SUCCESS);
    free(context);
}

static void messages_nest_1024_deep(struct vm *vm) {
    CHECK(vm->set_option(vm, "metering", "false") == 0);
    struct context *context = new_context(vm, CANCUN);
    struct message message = message_to(DEEP, NULL, 0);
    message.gas = INT64_MAX;
    CHECK_STATUS(run(context, &message), SUCCESS);
    CHECK(context->deepest == 1024);
    printf("stack of a nested message, with this client's own: %zu bytes\n",
           (size_t)(context->stack_first - context->stack_deepest) / 1023);
    CHECK(vm->set_option(vm, "metering", "true") == 0);
    free(context);
}

static void options_take_effect(struct vm *vm) {
    struct context *context = new_context(vm, CANCUN);
    struct message message = message_to(RELAY, NULL, 0);
    const uint8_t evm[] = {0x60, 0x00};
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, evm, 2), FAILURE);
    CHECK(vm->set_option(vm, "evm1mode", "fallback") == 0);
    CHECK_STATUS(vm->execute(vm, &HOST, context, CANCUN, &message, evm, 2), REJECTED);
    CHECK(vm->set_option(vm, "evm1mode", "evm2wasm") == 2);
    CHECK(vm->set_option(vm, "evm1mode", "reject") == 0);

    CHECK_STATUS(ask(vm, context, CANCUN, &message, "debugging"), CONTRACT_VALIDATION_FAILURE);
    CHECK(vm->set_option(vm, "debug", "true") == 0);
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "debugging"), SUCCESS);
    CHECK(vm->set_option(vm, "debug", "false") == 0);

    CHECK(vm->set_option(vm, "schedule", "byzantium") == 0);
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "later_environment"),
                 CONTRACT_VALIDATION_FAILURE);
    CHECK(vm->set_option(vm, "schedule", "client") == 0);

    CHECK(vm->set_option(vm, "metering", "false") == 0);
    struct result free_of_charge = ask(vm, context, CANCUN, &message, "empty");
    CHECK(free_of_charge.gas_left == message.gas);
    CHECK_STATUS(free_of_charge, SUCCESS);
    CHECK(vm->set_option(vm, "metering", "true") == 0);
    struct result metered = ask(vm, context, CANCUN, &message, "empty");
    /**
     * A kibibyte of memory, two words of code, and the frame with its segment, which come to less
     * than a gas.
     */
    CHECK(metered.gas_left == message.gas - (224 + 4) - 2 * 6 - 1);
    CHECK_STATUS(metered, SUCCESS);

    /* Keccak-256 is the machine's own, unless it is told otherwise. */
    uint8_t input[37] = {3};
    input[20] = 9;
    struct message keccak = message_to(RELAY, input, sizeof input);
    struct result hash = run(context, &keccak);
    CHECK(hash.output_size == 33 && hash.output_data[1] == 0xc5 && context->messages == 0);
    CHECK_STATUS(hash, SUCCESS);
    CHECK(vm->set_option(vm, "keccak-precompile", "false") == 0);
    CHECK_STATUS(run(context, &keccak), SUCCESS);
    CHECK(context->messages == 1);
    CHECK(vm->set_option(vm, "keccak-precompile", "true") == 0);

    char path[4096], name[] = "sys:0x1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e";
    snprintf(path, sizeof path, "%s/echo.wasm", directory);
    CHECK(vm->set_option(vm, name, path) == 0);
    struct result replaced = ask(vm, context, CANCUN, &message, "empty");
    CHECK(replaced.output_size == 56);
    CHECK_STATUS(replaced, SUCCESS);

    snprintf(path, sizeof path, "%s/trace", directory);
    CHECK(vm->set_option(vm, "trace", path) == 0);
    CHECK_STATUS(ask(vm, context, CANCUN, &message, "empty"), SUCCESS);
    free(context);
}

typedef struct vm *(*create)(void);

int main(int count, char **arguments) {
    if (count != 3) return 2;
    directory = arguments[2];
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    create by_name, general;
    *(void **)&by_name = dlsym(library, "evmc_create_tephra");
    *(void **)&general = dlsym(library, "evmc_create");
    CHECK(by_name && general);
    struct vm *other = general(), *vm = by_name();
    CHECK(vm && other && vm != other);
    other->destroy(other);

    what_the_conformance_tool_checks(vm);
    nested_calls_have_the_right_parties(vm);
    delegations_are_followed_from_prague_on(vm);
    static_frames_stay_static(vm);
    contracts_are_created(vm);
    new_code_is_checked(vm);
    every_ending_has_its_status(vm);
    a_failure_is_undone(vm);
    refunds_are_those_of_the_revision(vm);
    what_is_not_known_is_rejected(vm);
    null_pointers_and_wrong_answers_do_no_harm(vm);
    a_negative_status_ends_the_messages_around(vm);
    a_failure_that_leaves_gas_did_not_begin(vm);
    answers_have_bounds(vm);
    what_there_is_no_memory_for_ends_the_message(vm);
    the_environment_is_the_clients(vm);
    messages_nest_1024_deep(vm);
    options_take_effect(vm);

    vm->destroy(vm);
    printf("%d failures\n", failures);
    return failures ? 1 : 0;
}
