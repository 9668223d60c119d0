;; Arithmetic on words of 256 bits: four i64, the lowest first.
;;
;; The linker (emit/link.rs) takes the functions that a contract needs, by their names, and puts
;; numbers in the place of the globals that end in _at.

;; The order of a number's bytes, turned round.
(func $swap64 (param $x i64) (result i64)
  (local.set $x
    (i64.or
      (i64.and (i64.shl (local.get $x) (i64.const 8)) (i64.const 0xff00ff00ff00ff00))
      (i64.and (i64.shr_u (local.get $x) (i64.const 8)) (i64.const 0x00ff00ff00ff00ff))))
  (local.set $x
    (i64.or
      (i64.and (i64.shl (local.get $x) (i64.const 16)) (i64.const 0xffff0000ffff0000))
      (i64.and (i64.shr_u (local.get $x) (i64.const 16)) (i64.const 0x0000ffff0000ffff))))
  (i64.rotl (local.get $x) (i64.const 32)))

;; Writes a word, big-endian.
(func $store_word (param $to i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (i64.store offset=24 (local.get $to) (call $swap64 (local.get $x0)))
  (i64.store offset=16 (local.get $to) (call $swap64 (local.get $x1)))
  (i64.store offset=8 (local.get $to) (call $swap64 (local.get $x2)))
  (i64.store (local.get $to) (call $swap64 (local.get $x3))))

;; Reads a word, big-endian.
(func $load_word (param $from i32) (result i64 i64 i64 i64)
  (call $swap64 (i64.load offset=24 (local.get $from)))
  (call $swap64 (i64.load offset=16 (local.get $from)))
  (call $swap64 (i64.load offset=8 (local.get $from)))
  (call $swap64 (i64.load (local.get $from))))

;; Makes an address in memory of a word: what does not fit becomes the last address.
(func $saturate (param $x0 i64) (param $high i64) (result i32)
  (select
    (i32.wrap_i64 (local.get $x0))
    (i32.const -1)
    (i64.eqz (i64.or (local.get $high) (i64.shr_u (local.get $x0) (i64.const 32))))))

(func $lt
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i32)
  (if (i64.ne (local.get $a3) (local.get $b3))
    (then (return (i64.lt_u (local.get $a3) (local.get $b3)))))
  (if (i64.ne (local.get $a2) (local.get $b2))
    (then (return (i64.lt_u (local.get $a2) (local.get $b2)))))
  (if (i64.ne (local.get $a1) (local.get $b1))
    (then (return (i64.lt_u (local.get $a1) (local.get $b1)))))
  (i64.lt_u (local.get $a0) (local.get $b0)))

(func $slt
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i32)
  (if (i64.ne (local.get $a3) (local.get $b3))
    (then (return (i64.lt_s (local.get $a3) (local.get $b3)))))
  (if (i64.ne (local.get $a2) (local.get $b2))
    (then (return (i64.lt_u (local.get $a2) (local.get $b2)))))
  (if (i64.ne (local.get $a1) (local.get $b1))
    (then (return (i64.lt_u (local.get $a1) (local.get $b1)))))
  (i64.lt_u (local.get $a0) (local.get $b0)))

(func $add
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (local $c i64)
  (local.set $b0 (i64.add (local.get $a0) (local.get $b0)))
  (local.set $c (i64.extend_i32_u (i64.lt_u (local.get $b0) (local.get $a0))))
  (local.set $b1 (i64.add (local.get $a1) (local.get $b1)))
  (local.set $a0 (i64.add (local.get $b1) (local.get $c)))
  (local.set $c
    (i64.extend_i32_u
      (i32.or
        (i64.lt_u (local.get $b1) (local.get $a1))
        (i64.lt_u (local.get $a0) (local.get $b1)))))
  (local.set $b2 (i64.add (local.get $a2) (local.get $b2)))
  (local.set $a1 (i64.add (local.get $b2) (local.get $c)))
  (local.set $c
    (i64.extend_i32_u
      (i32.or
        (i64.lt_u (local.get $b2) (local.get $a2))
        (i64.lt_u (local.get $a1) (local.get $b2)))))
  (local.get $b0)
  (local.get $a0)
  (local.get $a1)
  (i64.add (i64.add (local.get $a3) (local.get $b3)) (local.get $c)))

(func $negate
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64) (result i64 i64 i64 i64)
  (call $add
    (i64.xor (local.get $a0) (i64.const -1))
    (i64.xor (local.get $a1) (i64.const -1))
    (i64.xor (local.get $a2) (i64.const -1))
    (i64.xor (local.get $a3) (i64.const -1))
    (i64.const 1) (i64.const 0) (i64.const 0) (i64.const 0)))

;; A product of 128 bits.
(func $mul64 (param $a i64) (param $b i64) (result i64 i64)
  (local $ah i64) (local $bh i64) (local $low i64) (local $mid i64) (local $x i64)
  (local.set $ah (i64.shr_u (local.get $a) (i64.const 32)))
  (local.set $bh (i64.shr_u (local.get $b) (i64.const 32)))
  (local.set $a (i64.and (local.get $a) (i64.const 0xffffffff)))
  (local.set $b (i64.and (local.get $b) (i64.const 0xffffffff)))
  (local.set $low (i64.mul (local.get $a) (local.get $b)))
  (local.set $mid
    (i64.add
      (i64.mul (local.get $ah) (local.get $b))
      (i64.shr_u (local.get $low) (i64.const 32))))
  (local.set $x
    (i64.add
      (i64.mul (local.get $a) (local.get $bh))
      (i64.and (local.get $mid) (i64.const 0xffffffff))))
  (i64.or
    (i64.shl (local.get $x) (i64.const 32))
    (i64.and (local.get $low) (i64.const 0xffffffff)))
  (i64.add
    (i64.add
      (i64.mul (local.get $ah) (local.get $bh))
      (i64.shr_u (local.get $mid) (i64.const 32)))
    (i64.shr_u (local.get $x) (i64.const 32))))

;; a * b + c + d, which always fits 128 bits.
(func $mul_add (param $a i64) (param $b i64) (param $c i64) (param $d i64) (result i64 i64)
  (local $low i64) (local $high i64)
  (call $mul64 (local.get $a) (local.get $b))
  (local.set $high)
  (local.set $low)
  (local.set $low (i64.add (local.get $low) (local.get $c)))
  (local.set $high
    (i64.add
      (local.get $high)
      (i64.extend_i32_u (i64.lt_u (local.get $low) (local.get $c)))))
  (local.set $low (i64.add (local.get $low) (local.get $d)))
  (local.get $low)
  (i64.add
    (local.get $high)
    (i64.extend_i32_u (i64.lt_u (local.get $low) (local.get $d)))))

(func $mul
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (local $r0 i64) (local $r1 i64) (local $r2 i64) (local $r3 i64) (local $c i64)
  (if
    (i64.eqz
      (i64.or
        (i64.or (local.get $a1) (i64.or (local.get $a2) (local.get $a3)))
        (i64.or (local.get $b1) (i64.or (local.get $b2) (local.get $b3)))))
    (then
      (call $mul64 (local.get $a0) (local.get $b0))
      (return (i64.const 0) (i64.const 0))))
  (call $mul64 (local.get $a0) (local.get $b0))
  (local.set $c)
  (local.set $r0)
  (call $mul_add (local.get $a1) (local.get $b0) (i64.const 0) (local.get $c))
  (local.set $c)
  (local.set $r1)
  (call $mul_add (local.get $a2) (local.get $b0) (i64.const 0) (local.get $c))
  (local.set $c)
  (local.set $r2)
  (local.set $r3 (i64.add (i64.mul (local.get $a3) (local.get $b0)) (local.get $c)))
  (call $mul_add (local.get $a0) (local.get $b1) (local.get $r1) (i64.const 0))
  (local.set $c)
  (local.set $r1)
  (call $mul_add (local.get $a1) (local.get $b1) (local.get $r2) (local.get $c))
  (local.set $c)
  (local.set $r2)
  (local.set $r3
    (i64.add
      (local.get $r3)
      (i64.add (i64.mul (local.get $a2) (local.get $b1)) (local.get $c))))
  (call $mul_add (local.get $a0) (local.get $b2) (local.get $r2) (i64.const 0))
  (local.set $c)
  (local.set $r2)
  (local.get $r0)
  (local.get $r1)
  (local.get $r2)
  (i64.add
    (i64.add
      (i64.add (local.get $r3) (local.get $c))
      (i64.mul (local.get $a1) (local.get $b2)))
    (i64.mul (local.get $a0) (local.get $b3))))

(func $shl
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (result i64 i64 i64 i64)
  (local $k i64) (local $r i64)
  (if (i32.gt_u (local.get $n) (i32.const 255))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (if (i32.and (local.get $n) (i32.const 128))
    (then
      (local.set $x3 (local.get $x1))
      (local.set $x2 (local.get $x0))
      (local.set $x1 (i64.const 0))
      (local.set $x0 (i64.const 0))))
  (if (i32.and (local.get $n) (i32.const 64))
    (then
      (local.set $x3 (local.get $x2))
      (local.set $x2 (local.get $x1))
      (local.set $x1 (local.get $x0))
      (local.set $x0 (i64.const 0))))
  (local.set $k (i64.and (i64.extend_i32_u (local.get $n)) (i64.const 63)))
  (local.set $r (i64.xor (local.get $k) (i64.const 63)))
  (i64.shl (local.get $x0) (local.get $k))
  (i64.or
    (i64.shl (local.get $x1) (local.get $k))
    (i64.shr_u (i64.shr_u (local.get $x0) (i64.const 1)) (local.get $r)))
  (i64.or
    (i64.shl (local.get $x2) (local.get $k))
    (i64.shr_u (i64.shr_u (local.get $x1) (i64.const 1)) (local.get $r)))
  (i64.or
    (i64.shl (local.get $x3) (local.get $k))
    (i64.shr_u (i64.shr_u (local.get $x2) (i64.const 1)) (local.get $r))))

;; Shifts right; what comes in at the top is the bits of $fill.
(func $shift_right
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64) (param $fill i64)
  (result i64 i64 i64 i64)
  (local $k i64) (local $r i64)
  (if (i32.gt_u (local.get $n) (i32.const 255))
    (then (return (local.get $fill) (local.get $fill) (local.get $fill) (local.get $fill))))
  (if (i32.and (local.get $n) (i32.const 128))
    (then
      (local.set $x0 (local.get $x2))
      (local.set $x1 (local.get $x3))
      (local.set $x2 (local.get $fill))
      (local.set $x3 (local.get $fill))))
  (if (i32.and (local.get $n) (i32.const 64))
    (then
      (local.set $x0 (local.get $x1))
      (local.set $x1 (local.get $x2))
      (local.set $x2 (local.get $x3))
      (local.set $x3 (local.get $fill))))
  (local.set $k (i64.and (i64.extend_i32_u (local.get $n)) (i64.const 63)))
  (local.set $r (i64.xor (local.get $k) (i64.const 63)))
  (i64.or
    (i64.shr_u (local.get $x0) (local.get $k))
    (i64.shl (i64.shl (local.get $x1) (i64.const 1)) (local.get $r)))
  (i64.or
    (i64.shr_u (local.get $x1) (local.get $k))
    (i64.shl (i64.shl (local.get $x2) (i64.const 1)) (local.get $r)))
  (i64.or
    (i64.shr_u (local.get $x2) (local.get $k))
    (i64.shl (i64.shl (local.get $x3) (i64.const 1)) (local.get $r)))
  (i64.or
    (i64.shr_u (local.get $x3) (local.get $k))
    (i64.shl (i64.shl (local.get $fill) (i64.const 1)) (local.get $r))))

(func $shr
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (result i64 i64 i64 i64)
  (call $shift_right
    (local.get $n)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3) (i64.const 0)))

(func $sar
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (result i64 i64 i64 i64)
  (call $shift_right
    (local.get $n)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3)
    (i64.shr_s (local.get $x3) (i64.const 63))))

;; The byte of that number, 0 the highest.
(func $byte
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64) (result i32)
  (if (i32.gt_u (local.get $n) (i32.const 31)) (then (return (i32.const 0))))
  (if (i32.lt_u (local.get $n) (i32.const 16))
    (then
      (local.set $x1 (local.get $x3))
      (local.set $x0 (local.get $x2))))
  (if (i32.eqz (i32.and (local.get $n) (i32.const 8)))
    (then (local.set $x0 (local.get $x1))))
  (i32.wrap_i64
    (i64.and
      (i64.shr_u
        (local.get $x0)
        (i64.extend_i32_u
          (i32.shl
            (i32.xor (i32.and (local.get $n) (i32.const 7)) (i32.const 7))
            (i32.const 3))))
      (i64.const 0xff))))

;; Extends the sign of a number of $n + 1 bytes.
(func $signextend
  (param $n i32) (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64)
  (result i64 i64 i64 i64)
  (local $shift i32)
  (if (i32.gt_u (local.get $n) (i32.const 30))
    (then (return (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3))))
  (local.set $shift
    (i32.sub (i32.const 248) (i32.shl (local.get $n) (i32.const 3))))
  (local.get $shift)
  (call $shl
    (local.get $shift)
    (local.get $x0) (local.get $x1) (local.get $x2) (local.get $x3))
  (call $sar))

(func $clz
  (param $x0 i64) (param $x1 i64) (param $x2 i64) (param $x3 i64) (result i32)
  (if (i64.ne (local.get $x3) (i64.const 0))
    (then (return (i32.wrap_i64 (i64.clz (local.get $x3))))))
  (if (i64.ne (local.get $x2) (i64.const 0))
    (then (return (i32.wrap_i64 (i64.add (i64.clz (local.get $x2)) (i64.const 64))))))
  (if (i64.ne (local.get $x1) (i64.const 0))
    (then (return (i32.wrap_i64 (i64.add (i64.clz (local.get $x1)) (i64.const 128))))))
  (i32.wrap_i64 (i64.add (i64.clz (local.get $x0)) (i64.const 192))))

;; Raises to a power, modulo 2^256: by squares.
(func $exp
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $e0 i64) (param $e1 i64) (param $e2 i64) (param $e3 i64) (result i64 i64 i64 i64)
  (local $r0 i64) (local $r1 i64) (local $r2 i64) (local $r3 i64)
  (local.set $r0 (i64.const 1))
  (block $done
    (loop $bits
      (if (i64.eqz (local.get $e0))
        (then
          (br_if $done
            (i64.eqz (i64.or (local.get $e1) (i64.or (local.get $e2) (local.get $e3)))))))
      (if (i32.wrap_i64 (i64.and (local.get $e0) (i64.const 1)))
        (then
          (call $mul
            (local.get $r0) (local.get $r1) (local.get $r2) (local.get $r3)
            (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
          (local.set $r3)
          (local.set $r2)
          (local.set $r1)
          (local.set $r0)))
      (call $shift_right
        (i32.const 1)
        (local.get $e0) (local.get $e1) (local.get $e2) (local.get $e3) (i64.const 0))
      (local.set $e3)
      (local.set $e2)
      (local.set $e1)
      (local.set $e0)
      (br_if $done
        (i64.eqz
          (i64.or
            (i64.or (local.get $e0) (local.get $e1))
            (i64.or (local.get $e2) (local.get $e3)))))
      (call $mul
        (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)
        (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
      (local.set $a3)
      (local.set $a2)
      (local.set $a1)
      (local.set $a0)
      (br $bits)))
  (local.get $r0)
  (local.get $r1)
  (local.get $r2)
  (local.get $r3))

(func $sub
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (local $r1 i64) (local $r2 i64) (local $c i64)
  (i64.sub (local.get $a0) (local.get $b0))
  (local.set $c (i64.extend_i32_u (i64.lt_u (local.get $a0) (local.get $b0))))
  (local.set $r1 (i64.sub (local.get $a1) (local.get $b1)))
  (i64.sub (local.get $r1) (local.get $c))
  (local.set $c
    (i64.extend_i32_u
      (i32.or
        (i64.lt_u (local.get $a1) (local.get $b1))
        (i64.lt_u (local.get $r1) (local.get $c)))))
  (local.set $r2 (i64.sub (local.get $a2) (local.get $b2)))
  (i64.sub (local.get $r2) (local.get $c))
  (local.set $c
    (i64.extend_i32_u
      (i32.or
        (i64.lt_u (local.get $a2) (local.get $b2))
        (i64.lt_u (local.get $r2) (local.get $c)))))
  (i64.sub (i64.sub (local.get $a3) (local.get $b3)) (local.get $c)))
