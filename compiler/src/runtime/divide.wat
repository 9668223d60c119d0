;; Division, by Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1) on digits of
;; 32 bits in the scratch memory: the dividend at $dividend_at (17 digits), the divisor at
;; $divisor_at (8 digits), the quotient at $quotient_at (16 digits). The remainder is left where the
;; dividend was.

;; Divides a number of $m digits, 8 or 16, by one that is not zero.
(func $divide (param $m i32)
  (local $n i32) (local $j i32) (local $i i32) (local $u i32) (local $v i32) (local $s i64)
  (local $high i64) (local $next i64) (local $q i64) (local $r i64) (local $x i64) (local $t i64)
  (local $borrow i64)
  (memory.fill (global.get $quotient_at) (i32.const 0) (i32.const 64))
  ;; Digits of the divisor, in bytes.
  (local.set $n (i32.const 32))
  (loop $digits
    (local.set $n (i32.sub (local.get $n) (i32.const 4)))
    (br_if $digits
      (i32.eqz (i32.load (i32.add (global.get $divisor_at) (local.get $n))))))
  (local.set $n (i32.add (local.get $n) (i32.const 4)))
  (local.set $j (i32.shl (local.get $m) (i32.const 2)))
  (if (i32.eq (local.get $n) (i32.const 4))
    (then
      (local.set $x (i64.load32_u (global.get $divisor_at)))
      (loop $short
        (local.set $j (i32.sub (local.get $j) (i32.const 4)))
        (local.set $u (i32.add (global.get $dividend_at) (local.get $j)))
        (local.set $t
          (i64.or
            (i64.shl (local.get $r) (i64.const 32))
            (i64.load32_u (local.get $u))))
        (local.set $r (i64.rem_u (local.get $t) (local.get $x)))
        (i64.store32
          (i32.add (global.get $quotient_at) (local.get $j))
          (i64.div_u (local.get $t) (local.get $x)))
        (i32.store (local.get $u) (i32.const 0))
        (br_if $short (local.get $j)))
      (i64.store32 (global.get $dividend_at) (local.get $r))
      (return)))
  ;; Shifts both until the divisor's highest bit is set.
  (local.set $s
    (i64.extend_i32_u
      (i32.clz
        (i32.load
          (i32.add (global.get $divisor_at) (i32.sub (local.get $n) (i32.const 4)))))))
  (i32.store (i32.add (global.get $dividend_at) (local.get $j)) (i32.const 0))
  (local.set $x (i64.const 0))
  (local.set $i (i32.const 0))
  (loop $shift_divisor
    (local.set $v (i32.add (global.get $divisor_at) (local.get $i)))
    (local.set $x
      (i64.or
        (i64.shr_u (local.get $x) (i64.const 32))
        (i64.shl (i64.load32_u (local.get $v)) (local.get $s))))
    (i64.store32 (local.get $v) (local.get $x))
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (br_if $shift_divisor (i32.lt_u (local.get $i) (local.get $n))))
  (local.set $x (i64.const 0))
  (local.set $i (i32.const 0))
  (loop $shift_dividend
    (local.set $u (i32.add (global.get $dividend_at) (local.get $i)))
    (local.set $x
      (i64.or
        (i64.shr_u (local.get $x) (i64.const 32))
        (i64.shl (i64.load32_u (local.get $u)) (local.get $s))))
    (i64.store32 (local.get $u) (local.get $x))
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (br_if $shift_dividend (i32.le_u (local.get $i) (local.get $j))))
  (local.set $v
    (i32.add (global.get $divisor_at) (i32.sub (local.get $n) (i32.const 8))))
  (local.set $high (i64.load32_u offset=4 (local.get $v)))
  (local.set $next (i64.load32_u (local.get $v)))
  (local.set $j (i32.sub (local.get $j) (local.get $n)))
  (loop $quotient
    ;; The digits that this digit of the quotient comes from.
    (local.set $u
      (i32.add
        (global.get $dividend_at)
        (i32.sub (i32.add (local.get $j) (local.get $n)) (i32.const 8))))
    (local.set $t (i64.load offset=4 align=4 (local.get $u)))
    (local.set $q (i64.div_u (local.get $t) (local.get $high)))
    (local.set $r (i64.rem_u (local.get $t) (local.get $high)))
    (block $guessed
      (loop $guess
        (if
          (i32.eqz
            (i64.ne (i64.shr_u (local.get $q) (i64.const 32)) (i64.const 0)))
          (then
            (br_if $guessed
              (i64.le_u
                (i64.mul (local.get $q) (local.get $next))
                (i64.or
                  (i64.shl (local.get $r) (i64.const 32))
                  (i64.load32_u (local.get $u)))))))
        (local.set $q (i64.sub (local.get $q) (i64.const 1)))
        (local.set $r (i64.add (local.get $r) (local.get $high)))
        (br_if $guess (i64.eqz (i64.shr_u (local.get $r) (i64.const 32))))))
    ;; Takes the divisor away as often as guessed.
    (local.set $u (i32.add (global.get $dividend_at) (local.get $j)))
    (local.set $i (i32.const 0))
    (local.set $x (i64.const 0))
    (local.set $borrow (i64.const 0))
    (loop $subtract
      (local.set $x
        (i64.add
          (i64.shr_u (local.get $x) (i64.const 32))
          (i64.mul
            (local.get $q)
            (i64.load32_u (i32.add (global.get $divisor_at) (local.get $i))))))
      (local.set $v (i32.add (local.get $u) (local.get $i)))
      (local.set $borrow
        (i64.sub
          (i64.add (i64.load32_u (local.get $v)) (local.get $borrow))
          (i64.and (local.get $x) (i64.const 0xffffffff))))
      (i64.store32 (local.get $v) (local.get $borrow))
      (local.set $borrow (i64.shr_s (local.get $borrow) (i64.const 32)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $subtract (i32.lt_u (local.get $i) (local.get $n))))
    (local.set $v (i32.add (local.get $u) (local.get $n)))
    (local.set $borrow
      (i64.sub
        (i64.add (i64.load32_u (local.get $v)) (local.get $borrow))
        (i64.shr_u (local.get $x) (i64.const 32))))
    (i64.store32 (local.get $v) (local.get $borrow))
    ;; Once too often, for two guesses in 2^32.
    (if (i64.lt_s (local.get $borrow) (i64.const 0))
      (then
        (local.set $q (i64.sub (local.get $q) (i64.const 1)))
        (local.set $x (i64.const 0))
        (local.set $i (i32.const 0))
        (loop $add
          (local.set $v (i32.add (local.get $u) (local.get $i)))
          (local.set $x
            (i64.add
              (i64.add (i64.load32_u (local.get $v)) (i64.shr_u (local.get $x) (i64.const 32)))
              (i64.load32_u (i32.add (global.get $divisor_at) (local.get $i)))))
          (i64.store32 (local.get $v) (local.get $x))
          (local.set $i (i32.add (local.get $i) (i32.const 4)))
          (br_if $add (i32.lt_u (local.get $i) (local.get $n))))
        (local.set $v (i32.add (local.get $u) (local.get $n)))
        (i64.store32
          (local.get $v)
          (i64.add
            (i64.load32_u (local.get $v))
            (i64.shr_u (local.get $x) (i64.const 32))))))
    (i64.store32 (i32.add (global.get $quotient_at) (local.get $j)) (local.get $q))
    (local.set $j (i32.sub (local.get $j) (i32.const 4)))
    (br_if $quotient (i32.ge_s (local.get $j) (i32.const 0))))
  ;; Shifts the remainder back.
  (local.set $i (local.get $n))
  (local.set $x (i64.const 0))
  (loop $shift_back
    (local.set $i (i32.sub (local.get $i) (i32.const 4)))
    (local.set $u (i32.add (global.get $dividend_at) (local.get $i)))
    (local.set $t (i64.load32_u (local.get $u)))
    (i64.store32
      (local.get $u)
      (i64.shr_u
        (i64.or (i64.shl (local.get $x) (i64.const 32)) (local.get $t))
        (local.get $s)))
    (local.set $x (local.get $t))
    (br_if $shift_back (local.get $i))))

(func $set_dividend (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (i64.store (global.get $dividend_at) (local.get $a0))
  (i64.store offset=8 (global.get $dividend_at) (local.get $a1))
  (i64.store offset=16 (global.get $dividend_at) (local.get $a2))
  (i64.store offset=24 (global.get $dividend_at) (local.get $a3)))

;; Whether the divisor is not zero.
(func $set_divisor (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i32)
  (i64.store (global.get $divisor_at) (local.get $b0))
  (i64.store offset=8 (global.get $divisor_at) (local.get $b1))
  (i64.store offset=16 (global.get $divisor_at) (local.get $b2))
  (i64.store offset=24 (global.get $divisor_at) (local.get $b3))
  (i64.ne
    (i64.or
      (i64.or (local.get $b0) (local.get $b1))
      (i64.or (local.get $b2) (local.get $b3)))
    (i64.const 0)))

(func $get_remainder (result i64 i64 i64 i64)
  (i64.load (global.get $dividend_at))
  (i64.load offset=8 (global.get $dividend_at))
  (i64.load offset=16 (global.get $dividend_at))
  (i64.load offset=24 (global.get $dividend_at)))

(func $div
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (if
    (i64.eqz
      (i64.or
        (i64.or (local.get $a1) (i64.or (local.get $a2) (local.get $a3)))
        (i64.or (local.get $b1) (i64.or (local.get $b2) (local.get $b3)))))
    (then
      (if (i64.ne (local.get $b0) (i64.const 0))
        (then (local.set $b0 (i64.div_u (local.get $a0) (local.get $b0)))))
      (return (local.get $b0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (if
    (i32.eqz
      (call $set_divisor (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3)))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (call $set_dividend (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
  (call $divide (i32.const 8))
  (i64.load (global.get $quotient_at))
  (i64.load offset=8 (global.get $quotient_at))
  (i64.load offset=16 (global.get $quotient_at))
  (i64.load offset=24 (global.get $quotient_at)))

(func $mod
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (if
    (i64.eqz
      (i64.or
        (i64.or (local.get $a1) (i64.or (local.get $a2) (local.get $a3)))
        (i64.or (local.get $b1) (i64.or (local.get $b2) (local.get $b3)))))
    (then
      (if (i64.ne (local.get $b0) (i64.const 0))
        (then (local.set $b0 (i64.rem_u (local.get $a0) (local.get $b0)))))
      (return (local.get $b0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (if
    (i32.eqz
      (call $set_divisor (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3)))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (call $set_dividend (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
  (call $divide (i32.const 8))
  (call $get_remainder))

;; Divides the sizes of two numbers; a result that is negative has its sign put back.
(func $sdiv
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (local $sign i64)
  (local.set $sign (i64.xor (local.get $a3) (local.get $b3)))
  (if (i64.lt_s (local.get $a3) (i64.const 0))
    (then
      (call $negate (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
      (local.set $a3)
      (local.set $a2)
      (local.set $a1)
      (local.set $a0)))
  (if (i64.lt_s (local.get $b3) (i64.const 0))
    (then
      (call $negate (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3))
      (local.set $b3)
      (local.set $b2)
      (local.set $b1)
      (local.set $b0)))
  (call $div
    (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)
    (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3))
  (local.set $a3)
  (local.set $a2)
  (local.set $a1)
  (local.set $a0)
  (if (i64.lt_s (local.get $sign) (i64.const 0))
    (then
      (return
        (call $negate (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)))))
  (local.get $a0)
  (local.get $a1)
  (local.get $a2)
  (local.get $a3))

(func $smod
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64) (result i64 i64 i64 i64)
  (local $sign i64)
  (local.set $sign (local.get $a3))
  (if (i64.lt_s (local.get $a3) (i64.const 0))
    (then
      (call $negate (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))
      (local.set $a3)
      (local.set $a2)
      (local.set $a1)
      (local.set $a0)))
  (if (i64.lt_s (local.get $b3) (i64.const 0))
    (then
      (call $negate (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3))
      (local.set $b3)
      (local.set $b2)
      (local.set $b1)
      (local.set $b0)))
  (call $mod
    (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)
    (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3))
  (local.set $a3)
  (local.set $a2)
  (local.set $a1)
  (local.set $a0)
  (if (i64.lt_s (local.get $sign) (i64.const 0))
    (then
      (return
        (call $negate (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)))))
  (local.get $a0)
  (local.get $a1)
  (local.get $a2)
  (local.get $a3))

(func $addmod
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64)
  (param $m0 i64) (param $m1 i64) (param $m2 i64) (param $m3 i64) (result i64 i64 i64 i64)
  (local $s0 i64) (local $s1 i64) (local $s2 i64) (local $s3 i64)
  (if
    (i32.eqz
      (call $set_divisor (local.get $m0) (local.get $m1) (local.get $m2) (local.get $m3)))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (call $add
    (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3)
    (local.get $b0) (local.get $b1) (local.get $b2) (local.get $b3))
  (local.set $s3)
  (local.set $s2)
  (local.set $s1)
  (local.set $s0)
  (call $set_dividend (local.get $s0) (local.get $s1) (local.get $s2) (local.get $s3))
  ;; The carry is the ninth digit.
  (i64.store offset=32
    (global.get $dividend_at)
    (i64.extend_i32_u
      (call $lt
        (local.get $s0) (local.get $s1) (local.get $s2) (local.get $s3)
        (local.get $a0) (local.get $a1) (local.get $a2) (local.get $a3))))
  (memory.fill (i32.add (global.get $dividend_at) (i32.const 40)) (i32.const 0) (i32.const 24))
  (call $divide (i32.const 16))
  (call $get_remainder))

;; Adds a * b to the dividend, at two of its digits.
(func $accumulate (param $to i32) (param $a i64) (param $b i64)
  (local $low i64) (local $high i64) (local $x i64)
  (call $mul_add (local.get $a) (local.get $b) (i64.load (local.get $to)) (i64.const 0))
  (local.set $high)
  (local.set $low)
  (i64.store (local.get $to) (local.get $low))
  (loop $carry
    (local.set $to (i32.add (local.get $to) (i32.const 8)))
    (local.set $x (i64.add (i64.load (local.get $to)) (local.get $high)))
    (i64.store (local.get $to) (local.get $x))
    (local.set $x (i64.extend_i32_u (i64.lt_u (local.get $x) (local.get $high))))
    (local.set $high (local.get $x))
    (br_if $carry (i32.wrap_i64 (local.get $x)))))

(func $mulmod
  (param $a0 i64) (param $a1 i64) (param $a2 i64) (param $a3 i64)
  (param $b0 i64) (param $b1 i64) (param $b2 i64) (param $b3 i64)
  (param $m0 i64) (param $m1 i64) (param $m2 i64) (param $m3 i64) (result i64 i64 i64 i64)
  (local $row i32)
  (if
    (i32.eqz
      (call $set_divisor (local.get $m0) (local.get $m1) (local.get $m2) (local.get $m3)))
    (then (return (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))
  (memory.fill (global.get $dividend_at) (i32.const 0) (i32.const 72))
  (local.set $row (global.get $dividend_at))
  (loop $rows
    (if (i64.ne (local.get $b0) (i64.const 0))
      (then
        (call $accumulate (local.get $row) (local.get $a0) (local.get $b0))
        (call $accumulate
          (i32.add (local.get $row) (i32.const 8)) (local.get $a1) (local.get $b0))
        (call $accumulate
          (i32.add (local.get $row) (i32.const 16)) (local.get $a2) (local.get $b0))
        (call $accumulate
          (i32.add (local.get $row) (i32.const 24)) (local.get $a3) (local.get $b0))))
    (local.set $b0 (local.get $b1))
    (local.set $b1 (local.get $b2))
    (local.set $b2 (local.get $b3))
    (local.set $b3 (i64.const 0))
    (local.set $row (i32.add (local.get $row) (i32.const 8)))
    (br_if $rows
      (i64.ne
        (i64.or (local.get $b0) (i64.or (local.get $b1) (local.get $b2)))
        (i64.const 0))))
  (call $divide (i32.const 16))
  (call $get_remainder))
