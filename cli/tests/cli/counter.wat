;; Counts its calls in slot 0 and returns the count, as a little-endian integer at the start of
;; 32 bytes. A second count in slot 1 is the same after every finished transaction. Call data of
;; one byte makes it fail after it has written: 1 reverts with the text `no`, 2 traps in the
;; function `fail`, 3 runs forever.
(module
  (import "ethereum" "getCallDataSize" (func $size (result i32)))
  (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
  (import "ethereum" "storageLoad" (func $load (param i32 i32)))
  (import "ethereum" "storageStore" (func $store (param i32 i32)))
  (import "ethereum" "revert" (func $revert (param i32 i32)))
  (import "ethereum" "finish" (func $finish (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 128) "no")
  (func $fail unreachable)
  (func $forever (loop $again (br $again)))
  (func $count (param $slot i32)
    (i32.store8 (i32.const 0) (local.get $slot))
    (call $load (i32.const 0) (i32.const 32))
    (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
    (call $store (i32.const 0) (i32.const 32)))
  (func (export "main") (local $what i32)
    (call $count (i32.const 0))
    (call $count (i32.const 1))
    (if (i32.eq (call $size) (i32.const 1))
      (then
        (call $copy (i32.const 64) (i32.const 0) (i32.const 1))
        (local.set $what (i32.load8_u (i32.const 64)))
        (if (i32.eq (local.get $what) (i32.const 1))
          (then (call $revert (i32.const 128) (i32.const 2))))
        (if (i32.eq (local.get $what) (i32.const 2)) (then (call $fail)))
        (if (i32.eq (local.get $what) (i32.const 3)) (then (call $forever)))))
    (call $finish (i32.const 32) (i32.const 32))))
