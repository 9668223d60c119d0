;; The EVM's memory: from $memory_at on in the contract's own.

;; Makes a range part of the memory. What cannot be had ends the frame, as too much memory does in
;; an EVM.
(func $reach (param $at i32) (param $length i32)
  (local $end i64) (local $pages i64)
  (if (i32.eqz (local.get $length)) (then (return)))
  (local.set $end
    (i64.add
      (i64.add
        (i64.extend_i32_u (local.get $at))
        (i64.extend_i32_u (local.get $length)))
      (i64.extend_i32_u (global.get $memory_at))))
  (local.set $pages (i64.extend_i32_u (memory.size)))
  (if (i64.gt_u (local.get $end) (i64.shl (local.get $pages) (i64.const 16)))
    (then
      (local.set $end
        (i64.sub
          (i64.shr_u (i64.add (local.get $end) (i64.const 65535)) (i64.const 16))
          (local.get $pages)))
      (if (i64.gt_u (local.get $end) (i64.const 65536)) (then (unreachable)))
      (if
        (i32.eq
          (memory.grow (i32.wrap_i64 (local.get $end)))
          (i32.const -1))
        (then (unreachable))))))

;; Where a range is in the contract's own memory. An empty one can be said to be anywhere.
(func $at_memory (param $at i32) (param $length i32) (result i32)
  (i32.add (select (local.get $at) (i32.const 0) (local.get $length)) (global.get $memory_at)))

;; Notes how far memory is used, by words.
(func $note (param $at i32) (param $length i32)
  (if (i32.eqz (local.get $length)) (then (return)))
  (local.set $at
    (i32.and
      (i32.add (i32.add (local.get $at) (local.get $length)) (i32.const 31))
      (i32.const -32)))
  (if (i32.gt_u (local.get $at) (global.get $used))
    (then (global.set $used (local.get $at)))))

(func $msize (result i32) (global.get $used))

(func $mload (param $at i32) (result i64 i64 i64 i64)
  (call $reach (local.get $at) (i32.const 32))
  (call $load_word (i32.add (local.get $at) (global.get $memory_at))))

(func $mstore (param $at i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (call $reach (local.get $at) (i32.const 32))
  (call $store_word
    (i32.add (local.get $at) (global.get $memory_at))
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3)))

(func $mstore8 (param $at i32) (param $x i32)
  (call $reach (local.get $at) (i32.const 1))
  (i32.store8 (i32.add (local.get $at) (global.get $memory_at)) (local.get $x)))

(func $mcopy (param $to i32) (param $from i32) (param $length i32)
  (if (i32.eqz (local.get $length)) (then (return)))
  (call $reach (local.get $to) (local.get $length))
  (call $reach (local.get $from) (local.get $length))
  (memory.copy
    (i32.add (local.get $to) (global.get $memory_at))
    (i32.add (local.get $from) (global.get $memory_at))
    (local.get $length)))

;; The number of bytes that a copy from $from can take out of $size.
(func $available (param $from i32) (param $length i32) (param $size i32) (result i32)
  (if (i32.ge_u (local.get $from) (local.get $size)) (then (return (i32.const 0))))
  (local.set $size (i32.sub (local.get $size) (local.get $from)))
  (select
    (local.get $size)
    (local.get $length)
    (i32.lt_u (local.get $size) (local.get $length))))

;; Fills with zeros what a copy of $count bytes left of a range.
(func $clear_rest (param $to i32) (param $length i32) (param $count i32)
  (if (i32.lt_u (local.get $count) (local.get $length))
    (then
      (memory.fill
        (i32.add (i32.add (local.get $to) (local.get $count)) (global.get $memory_at))
        (i32.const 0)
        (i32.sub (local.get $length) (local.get $count))))))

(func $calldataload (param $at i32) (result i64 i64 i64 i64)
  (local $count i32)
  (local.set $count
    (call $available (local.get $at) (i32.const 32) (call $getCallDataSize)))
  (if (i32.lt_u (local.get $count) (i32.const 32))
    (then (memory.fill (global.get $first_at) (i32.const 0) (i32.const 32))))
  (if (local.get $count)
    (then (call $callDataCopy (global.get $first_at) (local.get $at) (local.get $count))))
  (call $load_word (global.get $first_at)))

(func $calldatacopy (param $to i32) (param $from i32) (param $length i32)
  (local $count i32)
  (call $reach (local.get $to) (local.get $length))
  (local.set $count
    (call $available (local.get $from) (local.get $length) (call $getCallDataSize)))
  (if (local.get $count)
    (then
      (call $callDataCopy
        (i32.add (local.get $to) (global.get $memory_at))
        (local.get $from)
        (local.get $count))))
  (call $clear_rest (local.get $to) (local.get $length) (local.get $count)))

(func $codecopy (param $to i32) (param $from i32) (param $length i32)
  (local $count i32)
  (call $reach (local.get $to) (local.get $length))
  (local.set $count
    (call $available (local.get $from) (local.get $length) (call $getCodeSize)))
  (if (local.get $count)
    (then
      (call $codeCopy
        (i32.add (local.get $to) (global.get $memory_at))
        (local.get $from)
        (local.get $count))))
  (call $clear_rest (local.get $to) (local.get $length) (local.get $count)))

;; The address is at $first_at.
(func $extcodecopy (param $to i32) (param $from i32) (param $length i32)
  (local $count i32)
  (call $reach (local.get $to) (local.get $length))
  (local.set $count
    (call $available
      (local.get $from)
      (local.get $length)
      (call $getExternalCodeSize (global.get $first_at))))
  (if (local.get $count)
    (then
      (call $externalCodeCopy
        (global.get $first_at)
        (i32.add (local.get $to) (global.get $memory_at))
        (local.get $from)
        (local.get $count))))
  (call $clear_rest (local.get $to) (local.get $length) (local.get $count)))

;; Unlike the others, a copy of what is not there ends the frame (EIP-211).
(func $returndatacopy (param $to i32) (param $from i32) (param $length i32)
  (if
    (i64.gt_u
      (i64.add
        (i64.extend_i32_u (local.get $from))
        (i64.extend_i32_u (local.get $length)))
      (i64.extend_i32_u (call $getReturnDataSize)))
    (then (unreachable)))
  (if (i32.eqz (local.get $length)) (then (return)))
  (call $reach (local.get $to) (local.get $length))
  (call $returnDataCopy
    (i32.add (local.get $to) (global.get $memory_at))
    (local.get $from)
    (local.get $length)))
