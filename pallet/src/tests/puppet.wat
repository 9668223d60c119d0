;; A contract that does what its call data say: one byte names the deed, its arguments follow. What it puts out is what the last deed gave.
(module
  (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
  (import "ethereum" "callCode" (func $callCode (param i64 i32 i32 i32 i32) (result i32)))
  (import "ethereum" "callDataCopy" (func $callDataCopy (param i32 i32 i32)))
  (import "ethereum" "callDelegate" (func $callDelegate (param i64 i32 i32 i32) (result i32)))
  (import "ethereum" "callStatic" (func $callStatic (param i64 i32 i32 i32) (result i32)))
  (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
  (import "ethereum" "create2" (func $create2 (param i32 i32 i32 i32 i32) (result i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32)))
  (import "ethereum" "getAddress" (func $getAddress (param i32)))
  (import "ethereum" "getBaseFee" (func $getBaseFee (param i32)))
  (import "ethereum" "getBlockCoinbase" (func $getBlockCoinbase (param i32)))
  (import "ethereum" "getBlockGasLimit" (func $getBlockGasLimit (result i64)))
  (import "ethereum" "getBlockHash" (func $getBlockHash (param i64 i32) (result i32)))
  (import "ethereum" "getBlockNumber" (func $getBlockNumber (result i64)))
  (import "ethereum" "getBlockTimestamp" (func $getBlockTimestamp (result i64)))
  (import "ethereum" "getCallDataSize" (func $getCallDataSize (result i32)))
  (import "ethereum" "getCallValue" (func $getCallValue (param i32)))
  (import "ethereum" "getCaller" (func $getCaller (param i32)))
  (import "ethereum" "getChainId" (func $getChainId (param i32)))
  (import "ethereum" "getExternalBalance" (func $getExternalBalance (param i32 i32)))
  (import "ethereum" "getPrevRandao" (func $getPrevRandao (param i32)))
  (import "ethereum" "getReturnDataSize" (func $getReturnDataSize (result i32)))
  (import "ethereum" "getSelfBalance" (func $getSelfBalance (param i32)))
  (import "ethereum" "getTxGasPrice" (func $getTxGasPrice (param i32)))
  (import "ethereum" "getTxOrigin" (func $getTxOrigin (param i32)))
  (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
  (import "ethereum" "returnDataCopy" (func $returnDataCopy (param i32 i32 i32)))
  (import "ethereum" "revert" (func $revert (param i32 i32)))
  (import "ethereum" "selfDestruct" (func $selfDestruct (param i32)))
  (import "ethereum" "storageLoad" (func $storageLoad (param i32 i32)))
  (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
  (memory (export "memory") 1)
  ;; Where the output is. Its default place is the first kilobyte; return data go behind the call data.
  (global $output (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))

  (func (export "main")
    (local $size i32)
    (local.set $size (call $getCallDataSize))
    (global.set $end (i32.add (i32.const 1024) (local.get $size)))
    (call $callDataCopy (i32.const 1024) (i32.const 0) (local.get $size))
    (call $do (i32.const 1024) (local.get $size))
    (call $finish (global.get $output) (global.get $length)))

  (func $put (param $output i32) (param $length i32)
    (global.set $output (local.get $output))
    (global.set $length (local.get $length)))

  ;; Output: the result in one byte, then the return data.
  (func $returned (param $result i32)
    (local $size i32)
    (i32.store8 (global.get $end) (local.get $result))
    (local.set $size (call $getReturnDataSize))
    (call $returnDataCopy (i32.add (global.get $end) (i32.const 1)) (i32.const 0) (local.get $size))
    (call $put (global.get $end) (i32.add (local.get $size) (i32.const 1))))

  (func $context
    (call $getAddress (i32.const 0))
    (call $getCaller (i32.const 20))
    (call $getTxOrigin (i32.const 40))
    (call $getBlockCoinbase (i32.const 60))
    (i64.store (i32.const 80) (call $getBlockNumber))
    (i64.store (i32.const 88) (call $getBlockTimestamp))
    (i64.store (i32.const 96) (call $getBlockGasLimit))
    (call $getChainId (i32.const 104))
    (call $getTxGasPrice (i32.const 120))
    (call $getCallValue (i32.const 136))
    (call $getSelfBalance (i32.const 152))
    (call $getBaseFee (i32.const 168))
    (call $getPrevRandao (i32.const 200))
    (call $put (i32.const 0) (i32.const 232)))

  (func $do (param $at i32) (param $size i32)
    (local $deed i32) (local $end i32) (local $part i32)
    (if (i32.eqz (local.get $size)) (then (return)))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (local.set $deed (i32.load8_u (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    ;; 1: store, key, value
    (if (i32.eq (local.get $deed) (i32.const 1)) (then
      (call $storageStore (local.get $at) (i32.add (local.get $at) (i32.const 32)))))
    ;; 2: load, key
    (if (i32.eq (local.get $deed) (i32.const 2)) (then
      (call $storageLoad (local.get $at) (i32.const 0))
      (call $put (i32.const 0) (i32.const 32))))
    ;; 3: call, address, value, data
    (if (i32.eq (local.get $deed) (i32.const 3)) (then
      (call $returned (call $call (i64.const 0x7fffffffffffffff) (local.get $at) (i32.add (local.get $at) (i32.const 20))
        (i32.add (local.get $at) (i32.const 36)) (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 36)))))))
    ;; 4: log, topic, data
    (if (i32.eq (local.get $deed) (i32.const 4)) (then
      (call $log (i32.add (local.get $at) (i32.const 32)) (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 32)))
        (i32.const 1) (local.get $at) (i32.const 0) (i32.const 0) (i32.const 0))))
    ;; 5: revert, data
    (if (i32.eq (local.get $deed) (i32.const 5)) (then
      (call $revert (local.get $at) (i32.sub (local.get $end) (local.get $at)))))
    ;; 6: self-destruct, beneficiary
    (if (i32.eq (local.get $deed) (i32.const 6)) (then (call $selfDestruct (local.get $at))))
    ;; 7: create, value, init code
    (if (i32.eq (local.get $deed) (i32.const 7)) (then
      (drop (call $create (local.get $at) (i32.add (local.get $at) (i32.const 16))
        (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 16))) (i32.const 0)))
      (call $put (i32.const 0) (i32.const 20))))
    ;; 8: trap
    (if (i32.eq (local.get $deed) (i32.const 8)) (then (unreachable)))
    ;; 9: run for ever
    (if (i32.eq (local.get $deed) (i32.const 9)) (then (loop (br 0))))
    ;; 10: several deeds, each with its length in four bytes before it
    (if (i32.eq (local.get $deed) (i32.const 10)) (then
      (block (loop
        (br_if 1 (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $part (i32.load (local.get $at)))
        (call $do (i32.add (local.get $at) (i32.const 4)) (local.get $part))
        (local.set $at (i32.add (i32.add (local.get $at) (i32.const 4)) (local.get $part)))
        (br 0)))))
    ;; 11: context
    (if (i32.eq (local.get $deed) (i32.const 11)) (then (call $context)))
    ;; 12: delegate call, address, data
    (if (i32.eq (local.get $deed) (i32.const 12)) (then
      (call $returned (call $callDelegate (i64.const 0x7fffffffffffffff) (local.get $at)
        (i32.add (local.get $at) (i32.const 20)) (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 20)))))))
    ;; 13: static call, address, data
    (if (i32.eq (local.get $deed) (i32.const 13)) (then
      (call $returned (call $callStatic (i64.const 0x7fffffffffffffff) (local.get $at)
        (i32.add (local.get $at) (i32.const 20)) (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 20)))))))
    ;; 14: create2, salt, value, init code
    (if (i32.eq (local.get $deed) (i32.const 14)) (then
      (drop (call $create2 (i32.add (local.get $at) (i32.const 32)) (i32.add (local.get $at) (i32.const 48))
        (i32.sub (local.get $end) (i32.add (local.get $at) (i32.const 48))) (local.get $at) (i32.const 0)))
      (call $put (i32.const 0) (i32.const 20))))
    ;; 15: block hash, number
    (if (i32.eq (local.get $deed) (i32.const 15)) (then
      (drop (call $getBlockHash (i64.load (local.get $at)) (i32.const 0)))
      (call $put (i32.const 0) (i32.const 32))))
    ;; 16: balance, address
    (if (i32.eq (local.get $deed) (i32.const 16)) (then
      (call $getExternalBalance (local.get $at) (i32.const 0))
      (call $put (i32.const 0) (i32.const 16))))
    ;; 17: grow the memory, pages, and use it to its end
    (if (i32.eq (local.get $deed) (i32.const 17)) (then
      (i32.store (i32.const 0) (memory.grow (i32.load (local.get $at))))
      (i32.store8 (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 1)) (i32.const 1))
      (call $put (i32.const 0) (i32.const 4))))
    ;; 19: copy call data to where no memory is
    (if (i32.eq (local.get $deed) (i32.const 19)) (then (call $callDataCopy (i32.const -1) (i32.const 0) (i32.const 1))))
    ;; 18: call the contract itself with the same call data
    (if (i32.eq (local.get $deed) (i32.const 18)) (then
      (call $getAddress (i32.const 0))
      (i64.store (i32.const 32) (i64.const 0))
      (i64.store (i32.const 40) (i64.const 0))
      (call $returned (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 32) (i32.const 1024)
        (i32.sub (global.get $end) (i32.const 1024))))))))
