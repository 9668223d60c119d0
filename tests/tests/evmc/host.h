/* A client's state: a handful of accounts, and what the machine asked for. */
#ifndef HOST_H
#define HOST_H

#include "evmc12.h"

enum { MAX_ACCOUNTS = 16, MAX_SLOTS = 4, MAX_MESSAGES = 64 };

struct account {
    address at;
    uint64_t balance;
    bool destroyed;
    const uint8_t *code;
    size_t code_size;
    size_t slots;
    struct { word key, original, value; } slot[MAX_SLOTS];
};

/* What a message that fails has undone. */
struct state {
    size_t accounts;
    struct account account[MAX_ACCOUNTS];
    size_t logs;
    size_t log_topics;
    size_t log_size;
};

struct context {
    struct vm *vm;
    int revision;
    struct state state;
    /* Messages that the machine sent, the first ones. */
    size_t messages;
    struct message message[MAX_MESSAGES];
    int deepest;
    /* Addresses of something on the stack in the first message and in the deepest one. */
    uintptr_t stack_first, stack_deepest;
    word transient_key, transient_value;
    /* What to answer wrongly, for once. */
    int storage_status;
    int call_status;
    /* Only messages so deep are answered so; 0 for all. */
    int call_status_depth;
    /**
     * Whether to answer with the output and gas below and a new address, and success if there is no
     * status.
     */
    bool call_answered;
    /* It is not freed. */
    const uint8_t *call_output;
    size_t call_output_size;
    int64_t call_gas_left;
    /* In place of that: all that the message had. */
    bool call_keeps_gas;
    /* In place of the usual ones. */
    const uint8_t *blob_hashes;
    size_t blob_hashes_count;
};

extern const struct host HOST;
/* How many answers of that kind were released. */
extern size_t released;

/* The account, which is made if need be. */
struct account *account_at(struct context *, const address *);
/* Runs a message as the client does for one that the machine sends. */
struct result run(struct context *, const struct message *);
word number_word(uint64_t);
word filled(uint8_t);

#endif
