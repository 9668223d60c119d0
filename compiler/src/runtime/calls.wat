;; Calls of other contracts, and creates.
;;
;; The address of a call is at $first_at, its value at $second_at, before the function is called.

(func $store_value (param $v0 i64) (param $v1 i64)
  (i64.store (global.get $second_at) (local.get $v0))
  (i64.store offset=8 (global.get $second_at) (local.get $v1)))

;; Makes the ranges of a call part of the memory.
(func $reach_both (param $in i32) (param $in_length i32) (param $out i32) (param $out_length i32)
  (call $reach (local.get $in) (local.get $in_length))
  (call $reach (local.get $out) (local.get $out_length)))

;; Puts what was returned where the caller wants it, and gives 1 for a success and 0 else.
(func $returned (param $ended i32) (param $out i32) (param $out_length i32) (result i32)
  (local $size i32)
  (local.set $size (call $getReturnDataSize))
  (if (i32.lt_u (local.get $size) (local.get $out_length))
    (then (local.set $out_length (local.get $size))))
  (if (local.get $out_length)
    (then
      (call $returnDataCopy
        (i32.add (local.get $out) (global.get $memory_at))
        (i32.const 0)
        (local.get $out_length))))
  (i32.eqz (local.get $ended)))

(func $call
  (param $gas i64)
  (param $in i32) (param $in_length i32) (param $out i32) (param $out_length i32) (result i32)
  (call $reach_both
    (local.get $in) (local.get $in_length) (local.get $out) (local.get $out_length))
  (call $returned
    (call $call_
      (local.get $gas)
      (global.get $first_at)
      (global.get $second_at)
      (call $at_memory (local.get $in) (local.get $in_length))
      (local.get $in_length))
    (local.get $out)
    (local.get $out_length)))

(func $callcode
  (param $gas i64)
  (param $in i32) (param $in_length i32) (param $out i32) (param $out_length i32) (result i32)
  (call $reach_both
    (local.get $in) (local.get $in_length) (local.get $out) (local.get $out_length))
  (call $returned
    (call $callCode
      (local.get $gas)
      (global.get $first_at)
      (global.get $second_at)
      (call $at_memory (local.get $in) (local.get $in_length))
      (local.get $in_length))
    (local.get $out)
    (local.get $out_length)))

(func $delegatecall
  (param $gas i64)
  (param $in i32) (param $in_length i32) (param $out i32) (param $out_length i32) (result i32)
  (call $reach_both
    (local.get $in) (local.get $in_length) (local.get $out) (local.get $out_length))
  (call $returned
    (call $callDelegate
      (local.get $gas)
      (global.get $first_at)
      (call $at_memory (local.get $in) (local.get $in_length))
      (local.get $in_length))
    (local.get $out)
    (local.get $out_length)))

(func $staticcall
  (param $gas i64)
  (param $in i32) (param $in_length i32) (param $out i32) (param $out_length i32) (result i32)
  (call $reach_both
    (local.get $in) (local.get $in_length) (local.get $out) (local.get $out_length))
  (call $returned
    (call $callStatic
      (local.get $gas)
      (global.get $first_at)
      (call $at_memory (local.get $in) (local.get $in_length))
      (local.get $in_length))
    (local.get $out)
    (local.get $out_length)))

;; The new contract's address, or zero. The value is at $second_at.
(func $create (param $at i32) (param $length i32) (result i64 i64 i64)
  (call $reach (local.get $at) (local.get $length))
  (if
    (call $create_
      (global.get $second_at)
      (call $at_memory (local.get $at) (local.get $length))
      (local.get $length)
      (global.get $first_at))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0))))
  (call $load_address))

;; As create; the salt is at $topics_at.
(func $create2 (param $at i32) (param $length i32) (result i64 i64 i64)
  (call $reach (local.get $at) (local.get $length))
  (if
    (call $create2_
      (global.get $second_at)
      (call $at_memory (local.get $at) (local.get $length))
      (local.get $length)
      (global.get $topics_at)
      (global.get $first_at))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0))))
  (call $load_address))
