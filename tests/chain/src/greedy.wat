;; Does what its call data say, to take as much of the runtime's heap as it can.
;;
;; The call data are records of five words: what is to be done, and up to four numbers. Zeros are records that do nothing.
(module
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callDataCopy" (func $input (param i32 i32 i32)))
    (import "ethereum" "getCallDataSize" (func $input_size (result i32)))
    (import "ethereum" "getAddress" (func $this (param i32)))
    (import "ethereum" "getExternalBalance" (func $balance (param i32 i32)))
    (import "ethereum" "getGasLeft" (func $gas (result i64)))
    (import "ethereum" "storageLoad" (func $load (param i32 i32)))
    (import "ethereum" "transientStorageStore" (func $store (param i32 i32)))
    (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (memory (export "memory") 1)
    ;; 0 to 1023: keys, addresses. 1024 to 2047: call data. From 4096 on: whatever is large.

    (func $grow (param $bytes i32)
        (local $pages i32)
        (local.set $pages (i32.shr_u (i32.add (local.get $bytes) (i32.const 69631)) (i32.const 16)))
        (if (i32.gt_u (local.get $pages) (memory.size))
            (then (drop (memory.grow (i32.sub (local.get $pages) (memory.size)))))))

    ;; Gas that a deed leaves for what comes after it.
    (func $is_poor (result i32) (i64.lt_u (call $gas) (i64.const 50000)))

    (func $transient (param $count i32)
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (i32.store (i32.const 0) (local.get $count))
            (call $store (i32.const 0) (i32.const 0))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br $more)))

    ;; Stores to one transient slot.
    (func $again (param $count i32)
        (i64.store (i32.const 0) (i64.const -1))
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (i32.store (i32.const 32) (local.get $count))
            (call $store (i32.const 0) (i32.const 32))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br $more)))

    ;; The same in a message of its own, for which the slot is older.
    (func $undo (param $count i32)
        (call $again (i32.const 1))
        (i32.store (i32.const 512) (i32.const 9))
        (i32.store (i32.const 516) (local.get $count))
        (call $this (i32.const 64))
        (drop (call $call (call $gas) (i32.const 64) (i32.const 128) (i32.const 512) (i32.const 20))))

    (func $read (param $count i32)
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (i32.store (i32.const 0) (local.get $count))
            (call $load (i32.const 0) (i32.const 32))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br $more)))

    (func $look (param $count i32)
        (i32.store8 (i32.const 79) (i32.const 0xaa))
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (i32.store (i32.const 64) (local.get $count))
            (call $balance (i32.const 64) (i32.const 96))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br $more)))

    (func $logs (param $count i32) (param $bytes i32) (param $topics i32)
        (call $grow (local.get $bytes))
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (call $log (i32.const 4096) (local.get $bytes) (local.get $topics)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br $more)))

    ;; A batch of calls of two bytes each.
    (func $dispatch (param $count i32) (param $batch i32) (param $item i32)
        (local $at i32)
        (call $grow (i32.add (i32.shl (local.get $count) (i32.const 1)) (i32.const 16)))
        (i32.store16 (i32.const 4096) (local.get $batch))
        (i32.store (i32.const 4098) (i32.or (i32.shl (local.get $count) (i32.const 2)) (i32.const 2)))
        (local.set $at (i32.const 4102))
        (loop $more
            (i32.store16 (local.get $at) (local.get $item))
            (local.set $at (i32.add (local.get $at) (i32.const 2)))
            (br_if $more (i32.lt_u (local.get $at) (i32.add (i32.const 4102) (i32.shl (local.get $count) (i32.const 1))))))
        (i64.store (i32.const 64) (i64.const 0))
        (i64.store (i32.const 72) (i64.const 0))
        (i32.store (i32.const 80) (i32.const 0x00040000))
        (drop (call $call (call $gas) (i32.const 64) (i32.const 128) (i32.const 4096) (i32.sub (local.get $at) (i32.const 4096)))))

    ;; Calls many contracts: 0x0d0d… with the number as the first byte.
    (func $code (param $count i32)
        (memory.fill (i32.const 64) (i32.const 0x0d) (i32.const 20))
        (loop $more
            (if (i32.or (i32.eqz (local.get $count)) (call $is_poor)) (then (return)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (i32.store8 (i32.const 64) (local.get $count))
            (drop (call $call (call $gas) (i32.const 64) (i32.const 128) (i32.const 0) (i32.const 0)))
            (br $more)))

    ;; Calls itself so often with what comes after, each time with so many pages and bytes of call data, and gives back so many bytes.
    (func $frames (param $at i32) (param $pages i32) (param $bytes i32) (param $output i32)
        (local $size i32)
        (local.set $size (i32.sub (call $input_size) (i32.sub (local.get $at) (i32.const 1024))))
        (if (i32.gt_u (local.get $size) (i32.const 512)) (then (local.set $size (i32.const 512))))
        (call $grow (i32.sub (i32.shl (local.get $pages) (i32.const 16)) (i32.const 4096)))
        (call $grow (local.get $bytes))
        (call $grow (local.get $output))
        (i32.store8 (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 1)) (i32.const 1))
        (memory.copy (i32.const 4096) (local.get $at) (local.get $size))
        (i32.store (i32.const 4100) (i32.sub (i32.load (i32.const 4100)) (i32.const 1)))
        (if (i32.gt_u (local.get $bytes) (local.get $size)) (then (local.set $size (local.get $bytes))))
        (call $this (i32.const 64))
        (drop (call $call (call $gas) (i32.const 64) (i32.const 128) (i32.const 4096) (local.get $size)))
        (call $finish (i32.const 0) (local.get $output)))

    (func (export "main")
        (local $at i32) (local $end i32) (local $kind i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
        (local.set $end (call $input_size))
        (if (i32.gt_u (local.get $end) (i32.const 512)) (then (local.set $end (i32.const 512))))
        (call $input (i32.const 1024) (i32.const 0) (local.get $end))
        (local.set $at (i32.const 1024))
        (local.set $end (i32.add (local.get $end) (i32.const 1024)))
        (loop $next
            (if (i32.gt_u (i32.add (local.get $at) (i32.const 20)) (local.get $end)) (then (return)))
            (local.set $kind (i32.load (local.get $at)))
            (local.set $a (i32.load offset=4 (local.get $at)))
            (local.set $b (i32.load offset=8 (local.get $at)))
            (local.set $c (i32.load offset=12 (local.get $at)))
            (local.set $d (i32.load offset=16 (local.get $at)))
            (if (i32.eq (local.get $kind) (i32.const 1)) (then (call $transient (local.get $a))))
            (if (i32.eq (local.get $kind) (i32.const 2)) (then (call $read (local.get $a))))
            (if (i32.eq (local.get $kind) (i32.const 3)) (then (call $look (local.get $a))))
            (if (i32.eq (local.get $kind) (i32.const 4)) (then (call $logs (local.get $a) (local.get $b) (local.get $c))))
            (if (i32.eq (local.get $kind) (i32.const 5)) (then (call $undo (local.get $a))))
            (if (i32.and (i32.eq (local.get $kind) (i32.const 6)) (i32.ne (local.get $a) (i32.const 0)))
                (then (call $frames (local.get $at) (local.get $b) (local.get $c) (local.get $d))))
            (if (i32.eq (local.get $kind) (i32.const 7)) (then (call $dispatch (local.get $a) (local.get $b) (local.get $c))))
            (if (i32.eq (local.get $kind) (i32.const 8)) (then (call $code (local.get $a))))
            (if (i32.eq (local.get $kind) (i32.const 9)) (then (call $again (local.get $a))))
            (local.set $at (i32.add (local.get $at) (i32.const 20)))
            (br $next))))
