/* EVMC ABI 12, as this client understands it. */
#ifndef EVMC12_H
#define EVMC12_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct { uint8_t bytes[20]; } address;
typedef struct { uint8_t bytes[32]; } word;

enum { CALL, DELEGATECALL, CALLCODE, CREATE, CREATE2, EOFCREATE };
enum { FLAG_STATIC = 1, FLAG_DELEGATED = 2 };
enum { BYZANTIUM = 4, CANCUN = 12, PRAGUE = 13, OSAKA = 14, EXPERIMENTAL = 15 };

enum {
    SUCCESS = 0,
    FAILURE = 1,
    REVERT = 2,
    OUT_OF_GAS = 3,
    STACK_OVERFLOW = 6,
    INVALID_MEMORY_ACCESS = 9,
    CALL_DEPTH_EXCEEDED = 10,
    STATIC_MODE_VIOLATION = 11,
    PRECOMPILE_FAILURE = 12,
    CONTRACT_VALIDATION_FAILURE = 13,
    ARGUMENT_OUT_OF_RANGE = 14,
    WASM_UNREACHABLE_INSTRUCTION = 15,
    WASM_TRAP = 16,
    INSUFFICIENT_BALANCE = 17,
    INTERNAL_ERROR = -1,
    REJECTED = -2,
    OUT_OF_MEMORY = -3
};

struct message {
    int kind;
    uint32_t flags;
    int32_t depth;
    int64_t gas;
    address recipient;
    address sender;
    const uint8_t *input_data;
    size_t input_size;
    word value;
    word create2_salt;
    address code_address;
    const uint8_t *code;
    size_t code_size;
};

struct initcode;

struct tx_context {
    word tx_gas_price;
    address tx_origin;
    address block_coinbase;
    int64_t block_number;
    int64_t block_timestamp;
    int64_t block_gas_limit;
    word block_prev_randao;
    word chain_id;
    word block_base_fee;
    word blob_base_fee;
    const word *blob_hashes;
    size_t blob_hashes_count;
    const struct initcode *initcodes;
    size_t initcodes_count;
};

struct result {
    int status_code;
    int64_t gas_left;
    int64_t gas_refund;
    const uint8_t *output_data;
    size_t output_size;
    void (*release)(const struct result *);
    address create_address;
    uint8_t padding[4];
};

struct context;

struct host {
    bool (*account_exists)(struct context *, const address *);
    word (*get_storage)(struct context *, const address *, const word *);
    int (*set_storage)(struct context *, const address *, const word *, const word *);
    word (*get_balance)(struct context *, const address *);
    size_t (*get_code_size)(struct context *, const address *);
    word (*get_code_hash)(struct context *, const address *);
    size_t (*copy_code)(struct context *, const address *, size_t, uint8_t *, size_t);
    bool (*selfdestruct)(struct context *, const address *, const address *);
    struct result (*call)(struct context *, const struct message *);
    struct tx_context (*get_tx_context)(struct context *);
    word (*get_block_hash)(struct context *, int64_t);
    void (*emit_log)(struct context *, const address *, const uint8_t *, size_t, const word *,
                     size_t);
    int (*access_account)(struct context *, const address *);
    int (*access_storage)(struct context *, const address *, const word *);
    word (*get_transient_storage)(struct context *, const address *, const word *);
    void (*set_transient_storage)(struct context *, const address *, const word *, const word *);
};

struct vm {
    int abi_version;
    const char *name;
    const char *version;
    void (*destroy)(struct vm *);
    struct result (*execute)(struct vm *, const struct host *, struct context *, int,
                             const struct message *, const uint8_t *, size_t);
    uint32_t (*get_capabilities)(struct vm *);
    int (*set_option)(struct vm *, const char *, const char *);
};

_Static_assert(sizeof(struct message) == 184, "message");
_Static_assert(sizeof(struct tx_context) == 256, "tx_context");
_Static_assert(sizeof(struct result) == 72, "result");
_Static_assert(sizeof(struct host) == 128, "host");
_Static_assert(sizeof(struct vm) == 56, "vm");

#endif
