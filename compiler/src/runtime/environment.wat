;; What the interface answers, as words.

(func $load_address (result i64 i64 i64)
  (call $swap64 (i64.load offset=12 (global.get $first_at)))
  (call $swap64 (i64.load offset=4 (global.get $first_at)))
  (i64.shr_u
    (call $swap64 (i64.load (global.get $first_at)))
    (i64.const 32)))

(func $store_address (param $a0 i64) (param $a1 i64) (param $a2 i64)
  (i64.store (global.get $first_at)
    (call $swap64 (i64.shl (local.get $a2) (i64.const 32))))
  (i64.store offset=4 (global.get $first_at) (call $swap64 (local.get $a1)))
  (i64.store offset=12 (global.get $first_at) (call $swap64 (local.get $a0))))

(func $load_128 (result i64 i64)
  (i64.load (global.get $first_at))
  (i64.load offset=8 (global.get $first_at)))

(func $load_256 (result i64 i64 i64 i64)
  (i64.load (global.get $first_at))
  (i64.load offset=8 (global.get $first_at))
  (i64.load offset=16 (global.get $first_at))
  (i64.load offset=24 (global.get $first_at)))

(func $address (result i64 i64 i64)
  (call $getAddress (global.get $first_at))
  (call $load_address))

(func $caller (result i64 i64 i64)
  (call $getCaller (global.get $first_at))
  (call $load_address))

(func $origin (result i64 i64 i64)
  (call $getTxOrigin (global.get $first_at))
  (call $load_address))

(func $coinbase (result i64 i64 i64)
  (call $getBlockCoinbase (global.get $first_at))
  (call $load_address))

(func $callvalue (result i64 i64)
  (call $getCallValue (global.get $first_at))
  (call $load_128))

(func $gasprice (result i64 i64)
  (call $getTxGasPrice (global.get $first_at))
  (call $load_128))

(func $chainid (result i64 i64)
  (call $getChainId (global.get $first_at))
  (call $load_128))

(func $selfbalance (result i64 i64)
  (call $getSelfBalance (global.get $first_at))
  (call $load_128))

(func $balance (param $a0 i64) (param $a1 i64) (param $a2 i64) (result i64 i64)
  (call $store_address (local.get $a0) (local.get $a1) (local.get $a2))
  (call $getExternalBalance (global.get $first_at) (global.get $second_at))
  (i64.load (global.get $second_at))
  (i64.load offset=8 (global.get $second_at)))

(func $basefee (result i64 i64 i64 i64)
  (call $getBaseFee (global.get $first_at))
  (call $load_256))

(func $blobbasefee (result i64 i64 i64 i64)
  (call $getBlobBaseFee (global.get $first_at))
  (call $load_256))

(func $difficulty (result i64 i64 i64 i64)
  (call $getBlockDifficulty (global.get $first_at))
  (call $load_256))

(func $prevrandao (result i64 i64 i64 i64)
  (call $getPrevRandao (global.get $first_at))
  (call $load_word (global.get $first_at)))

(func $zero (param $found i32)
  (if (local.get $found)
    (then (memory.fill (global.get $first_at) (i32.const 0) (i32.const 32)))))

(func $blobhash (param $index i32) (result i64 i64 i64 i64)
  (call $zero (call $getBlobHash (local.get $index) (global.get $first_at)))
  (call $load_word (global.get $first_at)))

(func $blockhash (param $number i64) (result i64 i64 i64 i64)
  (call $zero (call $getBlockHash (local.get $number) (global.get $first_at)))
  (call $load_word (global.get $first_at)))

(func $extcodesize (param $a0 i64) (param $a1 i64) (param $a2 i64) (result i32)
  (call $store_address (local.get $a0) (local.get $a1) (local.get $a2))
  (call $getExternalCodeSize (global.get $first_at)))

(func $extcodehash (param $a0 i64) (param $a1 i64) (param $a2 i64) (result i64 i64 i64 i64)
  (call $store_address (local.get $a0) (local.get $a1) (local.get $a2))
  (call $getExternalCodeHash (global.get $first_at) (global.get $second_at))
  (call $load_word (global.get $second_at)))

(func $sload (param $k0 i64) (param $k1 i64) (param $k2 i64) (param $k3 i64)
  (result i64 i64 i64 i64)
  (call $store_word
    (global.get $first_at)
    (local.get $k0) (local.get $k1) (local.get $k2) (local.get $k3))
  (call $storageLoad (global.get $first_at) (global.get $second_at))
  (call $load_word (global.get $second_at)))

(func $tload (param $k0 i64) (param $k1 i64) (param $k2 i64) (param $k3 i64)
  (result i64 i64 i64 i64)
  (call $store_word
    (global.get $first_at)
    (local.get $k0) (local.get $k1) (local.get $k2) (local.get $k3))
  (call $transientStorageLoad (global.get $first_at) (global.get $second_at))
  (call $load_word (global.get $second_at)))

(func $store_pair
  (param $k0 i64) (param $k1 i64) (param $k2 i64) (param $k3 i64)
  (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (call $store_word
    (global.get $first_at)
    (local.get $k0) (local.get $k1) (local.get $k2) (local.get $k3))
  (call $store_word
    (global.get $second_at)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3)))

(func $sstore
  (param $k0 i64) (param $k1 i64) (param $k2 i64) (param $k3 i64)
  (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (call $store_pair
    (local.get $k0) (local.get $k1) (local.get $k2) (local.get $k3)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3))
  (call $storageStore (global.get $first_at) (global.get $second_at)))

(func $tstore
  (param $k0 i64) (param $k1 i64) (param $k2 i64) (param $k3 i64)
  (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (call $store_pair
    (local.get $k0) (local.get $k1) (local.get $k2) (local.get $k3)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3))
  (call $transientStorageStore (global.get $first_at) (global.get $second_at)))

;; Topics are at $topics_at.
(func $emit_log (param $at i32) (param $length i32) (param $topics i32)
  (call $reach (local.get $at) (local.get $length))
  (call $log
    (call $at_memory (local.get $at) (local.get $length))
    (local.get $length)
    (local.get $topics)
    (global.get $topics_at)
    (i32.add (global.get $topics_at) (i32.const 32))
    (i32.add (global.get $topics_at) (i32.const 64))
    (i32.add (global.get $topics_at) (i32.const 96))))

(func $return (param $at i32) (param $length i32)
  (call $reach (local.get $at) (local.get $length))
  (call $finish
    (call $at_memory (local.get $at) (local.get $length))
    (local.get $length)))

(func $revert (param $at i32) (param $length i32)
  (call $reach (local.get $at) (local.get $length))
  (call $revert_
    (call $at_memory (local.get $at) (local.get $length))
    (local.get $length)))

(func $stop (call $finish (global.get $memory_at) (i32.const 0)))

(func $selfdestruct (param $a0 i64) (param $a1 i64) (param $a2 i64)
  (call $store_address (local.get $a0) (local.get $a1) (local.get $a2))
  (call $selfDestruct (global.get $first_at)))

;; Gas for a call: what is more than 2^63 - 1 is all there is.
(func $gas_limit (param $g0 i64) (param $high i64) (result i64)
  (select
    (local.get $g0)
    (i64.const 0x7fffffffffffffff)
    (i32.and
      (i64.eqz (local.get $high))
      (i64.ge_s (local.get $g0) (i64.const 0)))))

;; The Keccak-256 hash by the system contract at address 9.
(func $keccak256 (param $at i32) (param $length i32) (result i64 i64 i64 i64)
  (call $reach (local.get $at) (local.get $length))
  (call $store_address (i64.const 9) (i64.const 0) (i64.const 0))
  (if
    (call $callStatic
      (i64.const 0x7fffffffffffffff)
      (global.get $first_at)
      (call $at_memory (local.get $at) (local.get $length))
      (local.get $length))
    (then (unreachable)))
  (call $returnDataCopy (global.get $first_at) (i32.const 0) (i32.const 32))
  (call $load_word (global.get $first_at)))
