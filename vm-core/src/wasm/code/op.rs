//! The table of instructions.

/// Calls the macro `$with` with every instruction: its operands, in the order in which they lie
/// behind the opcode, each aligned to its own size; how it is printed; its [`Effect`]s in brackets;
/// and its [`Related`] instructions in braces.
///
/// [`Effect`]: super::Effect
/// [`Related`]: super::family::Related
macro_rules! for_each_op {
    ($with:ident) => { $with! {
        // Control. The gas of the segment that follows rides on the branch.
        Charge { cost: u32 } "pay {cost}" [Gas];
        Br { cost: u16, to: Distance } "goto {to}, pay {cost}" [Gas Branch Never];

        // Conditional branches: `taken` are the particles of the way that is taken, and `ways` has
        // its distance and the particles of the other one.
        BrIfNez32 { x: In32, gap: Gap, taken: u16, ways: Ways } "if {x} != 0 goto {ways} {taken}"
            [Gas Branch];
        BrIfEqz32 { x: In32, gap: Gap, taken: u16, ways: Ways } "if {x} == 0 goto {ways} {taken}"
            [Gas Branch];
        BrIfNez64 { x: In64, gap: Gap, taken: u16, ways: Ways } "if {x} != 0 goto {ways} {taken}"
            [Gas Branch];
        BrIfEqz64 { x: In64, gap: Gap, taken: u16, ways: Ways } "if {x} == 0 goto {ways} {taken}"
            [Gas Branch];
        BrIfEq32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} == {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfNe32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} != {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLtS32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} <s {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLtU32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} < {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLeS32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} <=s {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLeU32 { x: In32, y: In32, taken: u16, ways: Ways } "if {x} <= {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfEq64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} == {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfNe64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} != {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLtS64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} <s {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLtU64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} < {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLeS64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} <=s {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfLeU64 { x: In64, y: In64, taken: u16, ways: Ways } "if {x} <= {y} goto {ways} {taken}"
            [Gas Branch];
        BrIfEqImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} == {imm} goto {ways} {taken}" [Gas Branch];
        BrIfNeImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} != {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLtSImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} <s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLtUImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} < {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGtSImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} >s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGtUImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} > {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLeSImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} <=s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLeUImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} <= {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGeSImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} >=s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGeUImm32 { x: In32, imm: i16, taken: u16, ways: Ways }
            "if {x} >= {imm} goto {ways} {taken}" [Gas Branch];
        BrIfEqImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} == {imm} goto {ways} {taken}" [Gas Branch];
        BrIfNeImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} != {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLtSImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} <s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLtUImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} < {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGtSImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} >s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGtUImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} > {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLeSImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} <=s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfLeUImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} <= {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGeSImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} >=s {imm} goto {ways} {taken}" [Gas Branch];
        BrIfGeUImm64 { x: In64, imm: i16, taken: u16, ways: Ways }
            "if {x} >= {imm} goto {ways} {taken}" [Gas Branch];
        /// Counts a slot, and branches if that does not make it zero.
        BrIfAddNez32 { x: InOut32, imm: i16, taken: u16, ways: Ways }
            "{x} += {imm}, if {x} != 0 goto {ways} {taken}" [Gas Branch];
        /// As the one before, and steps another slot.
        BrIfStepNez32 { x: InOut32, imm: i16, taken: u16, ways: Ways, other: InOut32, step: i32 }
            "{x} += {imm}, {other} += {step}, if {x} != 0 goto {ways} {taken}" [Gas Branch];
        /// A [`Target`] follows for each index below `targets`, and one for all others.
        BrTable { index: In32, targets: u32 } "goto {index} of {targets}" [Gas Branch Never];
        Return {} "return" [Return Never];
        Return1 { x: In64 } "return {x}" [Return Never];
        ReturnMany { x: InRow, count: Count } "return {x}{count}" [Return Never];
        /// `function` counts the module's own.
        Call { frame: Frame, function: u32 } "call own {function}, {frame}" [Call];
        /// `function` counts the imported ones.
        CallImport { frame: Frame, function: u32 } "call import {function}, {frame}" [Call Host];
        /// `ty` is the canonical type.
        CallIndirect { frame: Frame, element: In32, ty: u32, table: u32 }
            "call table {table}[{element}] type {ty}, {frame}" [Call Host Trap];
        ReturnCall { x: InRow, function: u32, count: LongCount }
            "return call own {function}, {x}{count}" [Call Return Never];
        /// A host function comes back to the instruction behind, which returns its results.
        ReturnCallImport { x: InRow, function: u32, count: LongCount }
            "return call import {function}, {x}{count}" [Call Host Return];
        ReturnCallIndirect { x: InRow, element: In32, ty: u32, table: u32, count: LongCount }
            "return call table {table}[{element}] type {ty}, {x}{count}" [Call Host Return Trap];
        Unreachable {} "unreachable" [Trap Never];
        /// The embedder's call is over. Stands where the outermost function returns to.
        Finish {} "finish" [Return Never];

        // Moves.
        Copy { d: Out64, x: In64 } "{d} = {x}";
        Copy2 { d: OutPair, x: In64, y: In64 } "{d} = {x}, {y}";
        /// The rows may overlap.
        CopyMany { d: OutRow, x: InRow, count: Count } "{d}{count} = {x}{count}";
        Const32 { d: Out32, imm: u32 } "{d} = {imm}";
        Const32S { d: Out64, imm: i32 } "{d} = {imm}";
        Const64 { d: Out64, imm: u64 } "{d} = {imm}";
        Select { d: Out64, condition: In32, gap: Gap, x: In64, y: In64 }
            "{d} = {condition} ? {x} : {y}";
        /// `global` counts the module's own.
        GlobalGet { d: Out64, global: u32 } "{d} = own global {global}" [State];
        GlobalSet { x: In64, global: u32 } "own global {global} = {x}" [State];
        GlobalGetImported { d: Out64, global: u32 } "{d} = imported global {global}" [State];
        GlobalSetImported { x: In64, global: u32 } "imported global {global} = {x}" [State];

        // Integer arithmetic. What has no suffix is unsigned.
        I32Add { d: Out32, x: In32, y: In32 } "{d} = {x} + {y}" { imm: I32AddImm,
            left_imm: I32AddImm, wide_imm: I32AddWide };
        I32Sub { d: Out32, x: In32, y: In32 } "{d} = {x} - {y}";
        I32Mul { d: Out32, x: In32, y: In32 } "{d} = {x} * {y}" { imm: I32MulImm,
            left_imm: I32MulImm, wide_imm: I32MulWide };
        I32And { d: Out32, x: In32, y: In32 } "{d} = {x} & {y}" { imm: I32AndImm,
            left_imm: I32AndImm, wide_imm: I32AndWide };
        I32Or { d: Out32, x: In32, y: In32 } "{d} = {x} | {y}" { imm: I32OrImm, left_imm: I32OrImm,
            wide_imm: I32OrWide };
        I32Xor { d: Out32, x: In32, y: In32 } "{d} = {x} ^ {y}" { imm: I32XorImm,
            left_imm: I32XorImm, wide_imm: I32XorWide };
        I32Shl { d: Out32, x: In32, y: In32 } "{d} = {x} << {y}" { imm: I32ShlImm };
        I32ShrS { d: Out32, x: In32, y: In32 } "{d} = {x} >>s {y}" { imm: I32ShrSImm };
        I32ShrU { d: Out32, x: In32, y: In32 } "{d} = {x} >> {y}" { imm: I32ShrUImm };
        I32Rotl { d: Out32, x: In32, y: In32 } "{d} = {x} rotl {y}" { imm: I32RotlImm };
        I32Rotr { d: Out32, x: In32, y: In32 } "{d} = {x} rotr {y}";
        I32AddImm { d: Out32, x: In32, imm: i16 } "{d} = {x} + {imm}";
        I32MulImm { d: Out32, x: In32, imm: i16 } "{d} = {x} * {imm}";
        I32AndImm { d: Out32, x: In32, imm: i16 } "{d} = {x} & {imm}";
        I32OrImm { d: Out32, x: In32, imm: i16 } "{d} = {x} | {imm}";
        I32XorImm { d: Out32, x: In32, imm: i16 } "{d} = {x} ^ {imm}";
        I32ShlImm { d: Out32, x: In32, imm: i16 } "{d} = {x} << {imm}";
        I32ShrSImm { d: Out32, x: In32, imm: i16 } "{d} = {x} >>s {imm}";
        I32ShrUImm { d: Out32, x: In32, imm: i16 } "{d} = {x} >> {imm}";
        I32RotlImm { d: Out32, x: In32, imm: i16 } "{d} = {x} rotl {imm}";
        I32AddWide { d: Out32, x: In32, imm: u64 } "{d} = {x} + {imm}";
        I32MulWide { d: Out32, x: In32, imm: u64 } "{d} = {x} * {imm}";
        I32AndWide { d: Out32, x: In32, imm: u64 } "{d} = {x} & {imm}";
        I32OrWide { d: Out32, x: In32, imm: u64 } "{d} = {x} | {imm}";
        I32XorWide { d: Out32, x: In32, imm: u64 } "{d} = {x} ^ {imm}";
        I64AddWide { d: Out64, x: In64, imm: u64 } "{d} = {x} + {imm}";
        I64MulWide { d: Out64, x: In64, imm: u64 } "{d} = {x} * {imm}";
        I64AndWide { d: Out64, x: In64, imm: u64 } "{d} = {x} & {imm}";
        I64OrWide { d: Out64, x: In64, imm: u64 } "{d} = {x} | {imm}";
        I64XorWide { d: Out64, x: In64, imm: u64 } "{d} = {x} ^ {imm}";
        I32DivS { d: Out32, x: In32, y: In32 } "{d} = {x} /s {y}" [Trap];
        I32DivU { d: Out32, x: In32, y: In32 } "{d} = {x} / {y}" [Trap];
        I32RemS { d: Out32, x: In32, y: In32 } "{d} = {x} %s {y}" [Trap];
        I32RemU { d: Out32, x: In32, y: In32 } "{d} = {x} % {y}" [Trap];
        I32Eq { d: Out32, x: In32, y: In32 } "{d} = {x} == {y}" { imm: I32EqImm,
            left_imm: I32EqImm, branch: BrIfEq32, not: I32Ne };
        I32Ne { d: Out32, x: In32, y: In32 } "{d} = {x} != {y}" { imm: I32NeImm,
            left_imm: I32NeImm, branch: BrIfNe32, not: I32Eq };
        I32LtS { d: Out32, x: In32, y: In32 } "{d} = {x} <s {y}" { imm: I32LtSImm,
            left_imm: I32GtSImm, branch: BrIfLtS32, not_swapped: I32LeS };
        I32LtU { d: Out32, x: In32, y: In32 } "{d} = {x} < {y}" { imm: I32LtUImm,
            left_imm: I32GtUImm, branch: BrIfLtU32, not_swapped: I32LeU };
        I32LeS { d: Out32, x: In32, y: In32 } "{d} = {x} <=s {y}" { imm: I32LeSImm,
            left_imm: I32GeSImm, branch: BrIfLeS32, not_swapped: I32LtS };
        I32LeU { d: Out32, x: In32, y: In32 } "{d} = {x} <= {y}" { imm: I32LeUImm,
            left_imm: I32GeUImm, branch: BrIfLeU32, not_swapped: I32LtU };
        I32EqImm { d: Out32, x: In32, imm: i16 } "{d} = {x} == {imm}" { branch: BrIfEqImm32,
            not: I32NeImm };
        I32NeImm { d: Out32, x: In32, imm: i16 } "{d} = {x} != {imm}" { branch: BrIfNeImm32,
            not: I32EqImm };
        I32LtSImm { d: Out32, x: In32, imm: i16 } "{d} = {x} <s {imm}" { branch: BrIfLtSImm32,
            not: I32GeSImm };
        I32LtUImm { d: Out32, x: In32, imm: i16 } "{d} = {x} < {imm}" { branch: BrIfLtUImm32,
            not: I32GeUImm };
        I32GtSImm { d: Out32, x: In32, imm: i16 } "{d} = {x} >s {imm}" { branch: BrIfGtSImm32,
            not: I32LeSImm };
        I32GtUImm { d: Out32, x: In32, imm: i16 } "{d} = {x} > {imm}" { branch: BrIfGtUImm32,
            not: I32LeUImm };
        I32LeSImm { d: Out32, x: In32, imm: i16 } "{d} = {x} <=s {imm}" { branch: BrIfLeSImm32,
            not: I32GtSImm };
        I32LeUImm { d: Out32, x: In32, imm: i16 } "{d} = {x} <= {imm}" { branch: BrIfLeUImm32,
            not: I32GtUImm };
        I32GeSImm { d: Out32, x: In32, imm: i16 } "{d} = {x} >=s {imm}" { branch: BrIfGeSImm32,
            not: I32LtSImm };
        I32GeUImm { d: Out32, x: In32, imm: i16 } "{d} = {x} >= {imm}" { branch: BrIfGeUImm32,
            not: I32LtUImm };
        I64Add { d: Out64, x: In64, y: In64 } "{d} = {x} + {y}" { imm: I64AddImm,
            left_imm: I64AddImm, wide_imm: I64AddWide };
        I64Sub { d: Out64, x: In64, y: In64 } "{d} = {x} - {y}";
        I64Mul { d: Out64, x: In64, y: In64 } "{d} = {x} * {y}" { imm: I64MulImm,
            left_imm: I64MulImm, wide_imm: I64MulWide };
        I64And { d: Out64, x: In64, y: In64 } "{d} = {x} & {y}" { imm: I64AndImm,
            left_imm: I64AndImm, wide_imm: I64AndWide };
        I64Or { d: Out64, x: In64, y: In64 } "{d} = {x} | {y}" { imm: I64OrImm, left_imm: I64OrImm,
            wide_imm: I64OrWide };
        I64Xor { d: Out64, x: In64, y: In64 } "{d} = {x} ^ {y}" { imm: I64XorImm,
            left_imm: I64XorImm, wide_imm: I64XorWide };
        I64Shl { d: Out64, x: In64, y: In64 } "{d} = {x} << {y}" { imm: I64ShlImm };
        I64ShrS { d: Out64, x: In64, y: In64 } "{d} = {x} >>s {y}" { imm: I64ShrSImm };
        I64ShrU { d: Out64, x: In64, y: In64 } "{d} = {x} >> {y}" { imm: I64ShrUImm };
        I64Rotl { d: Out64, x: In64, y: In64 } "{d} = {x} rotl {y}" { imm: I64RotlImm };
        I64Rotr { d: Out64, x: In64, y: In64 } "{d} = {x} rotr {y}";
        I64AddImm { d: Out64, x: In64, imm: i16 } "{d} = {x} + {imm}";
        I64MulImm { d: Out64, x: In64, imm: i16 } "{d} = {x} * {imm}";
        I64AndImm { d: Out64, x: In64, imm: i16 } "{d} = {x} & {imm}";
        I64OrImm { d: Out64, x: In64, imm: i16 } "{d} = {x} | {imm}";
        I64XorImm { d: Out64, x: In64, imm: i16 } "{d} = {x} ^ {imm}";
        I64ShlImm { d: Out64, x: In64, imm: i16 } "{d} = {x} << {imm}";
        I64ShrSImm { d: Out64, x: In64, imm: i16 } "{d} = {x} >>s {imm}";
        I64ShrUImm { d: Out64, x: In64, imm: i16 } "{d} = {x} >> {imm}";
        I64RotlImm { d: Out64, x: In64, imm: i16 } "{d} = {x} rotl {imm}";
        I64DivS { d: Out64, x: In64, y: In64 } "{d} = {x} /s {y}" [Trap];
        I64DivU { d: Out64, x: In64, y: In64 } "{d} = {x} / {y}" [Trap];
        I64RemS { d: Out64, x: In64, y: In64 } "{d} = {x} %s {y}" [Trap];
        I64RemU { d: Out64, x: In64, y: In64 } "{d} = {x} % {y}" [Trap];
        I64Eq { d: Out32, x: In64, y: In64 } "{d} = {x} == {y}" { imm: I64EqImm,
            left_imm: I64EqImm, branch: BrIfEq64, not: I64Ne };
        I64Ne { d: Out32, x: In64, y: In64 } "{d} = {x} != {y}" { imm: I64NeImm,
            left_imm: I64NeImm, branch: BrIfNe64, not: I64Eq };
        I64LtS { d: Out32, x: In64, y: In64 } "{d} = {x} <s {y}" { imm: I64LtSImm,
            left_imm: I64GtSImm, branch: BrIfLtS64, not_swapped: I64LeS };
        I64LtU { d: Out32, x: In64, y: In64 } "{d} = {x} < {y}" { imm: I64LtUImm,
            left_imm: I64GtUImm, branch: BrIfLtU64, not_swapped: I64LeU };
        I64LeS { d: Out32, x: In64, y: In64 } "{d} = {x} <=s {y}" { imm: I64LeSImm,
            left_imm: I64GeSImm, branch: BrIfLeS64, not_swapped: I64LtS };
        I64LeU { d: Out32, x: In64, y: In64 } "{d} = {x} <= {y}" { imm: I64LeUImm,
            left_imm: I64GeUImm, branch: BrIfLeU64, not_swapped: I64LtU };
        I64EqImm { d: Out32, x: In64, imm: i16 } "{d} = {x} == {imm}" { branch: BrIfEqImm64,
            not: I64NeImm };
        I64NeImm { d: Out32, x: In64, imm: i16 } "{d} = {x} != {imm}" { branch: BrIfNeImm64,
            not: I64EqImm };
        I64LtSImm { d: Out32, x: In64, imm: i16 } "{d} = {x} <s {imm}" { branch: BrIfLtSImm64,
            not: I64GeSImm };
        I64LtUImm { d: Out32, x: In64, imm: i16 } "{d} = {x} < {imm}" { branch: BrIfLtUImm64,
            not: I64GeUImm };
        I64GtSImm { d: Out32, x: In64, imm: i16 } "{d} = {x} >s {imm}" { branch: BrIfGtSImm64,
            not: I64LeSImm };
        I64GtUImm { d: Out32, x: In64, imm: i16 } "{d} = {x} > {imm}" { branch: BrIfGtUImm64,
            not: I64LeUImm };
        I64LeSImm { d: Out32, x: In64, imm: i16 } "{d} = {x} <=s {imm}" { branch: BrIfLeSImm64,
            not: I64GtSImm };
        I64LeUImm { d: Out32, x: In64, imm: i16 } "{d} = {x} <= {imm}" { branch: BrIfLeUImm64,
            not: I64GtUImm };
        I64GeSImm { d: Out32, x: In64, imm: i16 } "{d} = {x} >=s {imm}" { branch: BrIfGeSImm64,
            not: I64LtSImm };
        I64GeUImm { d: Out32, x: In64, imm: i16 } "{d} = {x} >= {imm}" { branch: BrIfGeUImm64,
            not: I64LtUImm };

        // Of one operand.
        I32Eqz { d: Out32, x: In32 } "{d} = {x} == 0" { branch: BrIfEqz32 };
        I64Eqz { d: Out32, x: In64 } "{d} = {x} == 0" { branch: BrIfEqz64 };
        I32Clz { d: Out32, x: In32 } "{d} = clz {x}";
        I32Ctz { d: Out32, x: In32 } "{d} = ctz {x}";
        I32Popcnt { d: Out32, x: In32 } "{d} = popcnt {x}";
        I64Clz { d: Out64, x: In64 } "{d} = clz {x}";
        I64Ctz { d: Out64, x: In64 } "{d} = ctz {x}";
        I64Popcnt { d: Out64, x: In64 } "{d} = popcnt {x}";
        I32Extend8S { d: Out32, x: In32 } "{d} = i32 i8 {x}";
        I32Extend16S { d: Out32, x: In32 } "{d} = i32 i16 {x}";
        I64Extend8S { d: Out64, x: In64 } "{d} = i64 i8 {x}";
        I64Extend16S { d: Out64, x: In64 } "{d} = i64 i16 {x}";
        I64Extend32S { d: Out64, x: In64 } "{d} = i64 i32 {x}";
        /// The low half.
        I32Wrap { d: Out32, x: In32 } "{d} = {x}";

        // Two instructions in one.
        I32Add3 { d: Out32, x: In32, y: In32, z: In32 } "{d} = {x} + {y} + {z}";
        I64Add3 { d: Out64, x: In64, y: In64, z: In64 } "{d} = {x} + {y} + {z}";
        I32Xor3 { d: Out32, x: In32, y: In32, z: In32 } "{d} = {x} ^ {y} ^ {z}";
        I64Xor3 { d: Out64, x: In64, y: In64, z: In64 } "{d} = {x} ^ {y} ^ {z}";
        I32AndXor { d: Out32, x: In32, y: In32, z: In32 } "{d} = ({x} & {y}) ^ {z}";
        I64AndNotXor { d: Out64, x: In64, y: In64, z: In64 } "{d} = (!{x} & {y}) ^ {z}";
        I32XorAdd { d: Out32, x: In32, y: In32, z: In32 } "{d} = ({x} ^ {y}) + {z}";
        I64MulAdd { d: Out64, x: In64, y: In64, z: In64 } "{d} = {x} * {y} + {z}";
        I32RotlXor { d: Out32, x: In32, y: In32, bits: u16 } "{d} = ({x} rotl {bits}) ^ {y}";
        I64RotlXor { d: Out64, x: In64, y: In64, bits: u16 } "{d} = ({x} rotl {bits}) ^ {y}";
        I32ShrUXor { d: Out32, x: In32, y: In32, bits: u16 } "{d} = ({x} >> {bits}) ^ {y}";
        I32XorRotl { d: Out32, x: In32, y: In32, bits: u16 } "{d} = ({x} ^ {y}) rotl {bits}";
        I64XorRotl { d: Out64, x: In64, y: In64, bits: u16 } "{d} = ({x} ^ {y}) rotl {bits}";
        I64AndNot { d: Out64, x: In64, y: In64 } "{d} = !{x} & {y}";
        /// Stores at slot 0 the 128-bit product of slots 1 (low half) and 2 with 3 and 4, and
        /// branches; where that cannot be done at once, does nothing and goes on behind itself.
        Multiply128 { params: Params, to: Distance } "u128[w0] = r1:r2 * r3:r4, goto {to}"
            [Store Branch];

        // Loads, by the place of the address: a slot and an offset.
        Load8U { d: Out32, base: In32, offset: u16 } "{d} = u8[{base} + {offset}]" [Load Gas Trap]
            { wide: Load8UWide, at: Load8UAt, indexed: Load8UIndexed, sum: Load8USum };
        Load16U { d: Out32, base: In32, offset: u16 } "{d} = u16[{base} + {offset}]"
            [Load Gas Trap] { wide: Load16UWide, at: Load16UAt, indexed: Load16UIndexed,
            sum: Load16USum };
        Load32 { d: Out32, base: In32, offset: u16 } "{d} = u32[{base} + {offset}]" [Load Gas Trap]
            { wide: Load32Wide, at: Load32At, indexed: Load32Indexed, sum: Load32Sum };
        Load64 { d: Out64, base: In32, offset: u16 } "{d} = u64[{base} + {offset}]" [Load Gas Trap]
            { wide: Load64Wide, at: Load64At, indexed: Load64Indexed, sum: Load64Sum };
        I32Load8S { d: Out32, base: In32, offset: u16 } "{d} = i32 i8[{base} + {offset}]"
            [Load Gas Trap] { wide: I32Load8SWide, at: I32Load8SAt, indexed: I32Load8SIndexed,
            sum: I32Load8SSum };
        I32Load16S { d: Out32, base: In32, offset: u16 } "{d} = i32 i16[{base} + {offset}]"
            [Load Gas Trap] { wide: I32Load16SWide, at: I32Load16SAt, indexed: I32Load16SIndexed,
            sum: I32Load16SSum };
        I64Load8S { d: Out64, base: In32, offset: u16 } "{d} = i64 i8[{base} + {offset}]"
            [Load Gas Trap] { wide: I64Load8SWide, at: I64Load8SAt, indexed: I64Load8SIndexed,
            sum: I64Load8SSum };
        I64Load16S { d: Out64, base: In32, offset: u16 } "{d} = i64 i16[{base} + {offset}]"
            [Load Gas Trap] { wide: I64Load16SWide, at: I64Load16SAt, indexed: I64Load16SIndexed,
            sum: I64Load16SSum };
        I64Load32S { d: Out64, base: In32, offset: u16 } "{d} = i64 i32[{base} + {offset}]"
            [Load Gas Trap] { wide: I64Load32SWide, at: I64Load32SAt, indexed: I64Load32SIndexed,
            sum: I64Load32SSum };
        Load8UWide { d: Out32, base: In32, offset: u64 } "{d} = u8[{base} + {offset}]"
            [Load Gas Trap];
        Load16UWide { d: Out32, base: In32, offset: u64 } "{d} = u16[{base} + {offset}]"
            [Load Gas Trap];
        Load32Wide { d: Out32, base: In32, offset: u64 } "{d} = u32[{base} + {offset}]"
            [Load Gas Trap];
        Load64Wide { d: Out64, base: In32, offset: u64 } "{d} = u64[{base} + {offset}]"
            [Load Gas Trap];
        I32Load8SWide { d: Out32, base: In32, offset: u64 } "{d} = i32 i8[{base} + {offset}]"
            [Load Gas Trap];
        I32Load16SWide { d: Out32, base: In32, offset: u64 } "{d} = i32 i16[{base} + {offset}]"
            [Load Gas Trap];
        I64Load8SWide { d: Out64, base: In32, offset: u64 } "{d} = i64 i8[{base} + {offset}]"
            [Load Gas Trap];
        I64Load16SWide { d: Out64, base: In32, offset: u64 } "{d} = i64 i16[{base} + {offset}]"
            [Load Gas Trap];
        I64Load32SWide { d: Out64, base: In32, offset: u64 } "{d} = i64 i32[{base} + {offset}]"
            [Load Gas Trap];

        // An address that is known.
        Load8UAt { d: Out32, address: u64 } "{d} = u8[{address}]" [Load Gas Trap];
        Load16UAt { d: Out32, address: u64 } "{d} = u16[{address}]" [Load Gas Trap];
        Load32At { d: Out32, address: u64 } "{d} = u32[{address}]" [Load Gas Trap];
        Load64At { d: Out64, address: u64 } "{d} = u64[{address}]" [Load Gas Trap];
        I32Load8SAt { d: Out32, address: u64 } "{d} = i32 i8[{address}]" [Load Gas Trap];
        I32Load16SAt { d: Out32, address: u64 } "{d} = i32 i16[{address}]" [Load Gas Trap];
        I64Load8SAt { d: Out64, address: u64 } "{d} = i64 i8[{address}]" [Load Gas Trap];
        I64Load16SAt { d: Out64, address: u64 } "{d} = i64 i16[{address}]" [Load Gas Trap];
        I64Load32SAt { d: Out64, address: u64 } "{d} = i64 i32[{address}]" [Load Gas Trap];

        // The 32-bit sum of two slots, or of a slot and an immediate.
        Load8UIndexed { d: Out32, base: In32, index: In32 } "{d} = u8[{base} +32 {index}]"
            [Load Gas Trap];
        Load16UIndexed { d: Out32, base: In32, index: In32 } "{d} = u16[{base} +32 {index}]"
            [Load Gas Trap];
        Load32Indexed { d: Out32, base: In32, index: In32 } "{d} = u32[{base} +32 {index}]"
            [Load Gas Trap];
        Load64Indexed { d: Out64, base: In32, index: In32 } "{d} = u64[{base} +32 {index}]"
            [Load Gas Trap];
        I32Load8SIndexed { d: Out32, base: In32, index: In32 } "{d} = i32 i8[{base} +32 {index}]"
            [Load Gas Trap];
        I32Load16SIndexed { d: Out32, base: In32, index: In32 } "{d} = i32 i16[{base} +32 {index}]"
            [Load Gas Trap];
        I64Load8SIndexed { d: Out64, base: In32, index: In32 } "{d} = i64 i8[{base} +32 {index}]"
            [Load Gas Trap];
        I64Load16SIndexed { d: Out64, base: In32, index: In32 } "{d} = i64 i16[{base} +32 {index}]"
            [Load Gas Trap];
        I64Load32SIndexed { d: Out64, base: In32, index: In32 } "{d} = i64 i32[{base} +32 {index}]"
            [Load Gas Trap];
        Load8USum { d: Out32, base: In32, addend: i16 } "{d} = u8[{base} +32 {addend}]"
            [Load Gas Trap];
        Load16USum { d: Out32, base: In32, addend: i16 } "{d} = u16[{base} +32 {addend}]"
            [Load Gas Trap];
        Load32Sum { d: Out32, base: In32, addend: i16 } "{d} = u32[{base} +32 {addend}]"
            [Load Gas Trap];
        Load64Sum { d: Out64, base: In32, addend: i16 } "{d} = u64[{base} +32 {addend}]"
            [Load Gas Trap];
        I32Load8SSum { d: Out32, base: In32, addend: i16 } "{d} = i32 i8[{base} +32 {addend}]"
            [Load Gas Trap];
        I32Load16SSum { d: Out32, base: In32, addend: i16 } "{d} = i32 i16[{base} +32 {addend}]"
            [Load Gas Trap];
        I64Load8SSum { d: Out64, base: In32, addend: i16 } "{d} = i64 i8[{base} +32 {addend}]"
            [Load Gas Trap];
        I64Load16SSum { d: Out64, base: In32, addend: i16 } "{d} = i64 i16[{base} +32 {addend}]"
            [Load Gas Trap];
        I64Load32SSum { d: Out64, base: In32, addend: i16 } "{d} = i64 i32[{base} +32 {addend}]"
            [Load Gas Trap];

        // Stores, likewise.
        Store8 { base: In32, value: In32, offset: u16 } "u8[{base} + {offset}] = {value}"
            [Store Gas Trap] { wide: Store8Wide, at: Store8At, sum: Store8Sum, imm: Store8Imm };
        Store16 { base: In32, value: In32, offset: u16 } "u16[{base} + {offset}] = {value}"
            [Store Gas Trap] { wide: Store16Wide, at: Store16At, sum: Store16Sum, imm: Store16Imm };
        Store32 { base: In32, value: In32, offset: u16 } "u32[{base} + {offset}] = {value}"
            [Store Gas Trap] { wide: Store32Wide, at: Store32At, sum: Store32Sum, imm: Store32Imm };
        Store64 { base: In32, value: In64, offset: u16 } "u64[{base} + {offset}] = {value}"
            [Store Gas Trap] { wide: Store64Wide, at: Store64At, sum: Store64Sum, imm: Store64Imm };
        Store8Wide { base: In32, value: In32, offset: u64 } "u8[{base} + {offset}] = {value}"
            [Store Gas Trap];
        Store16Wide { base: In32, value: In32, offset: u64 } "u16[{base} + {offset}] = {value}"
            [Store Gas Trap];
        Store32Wide { base: In32, value: In32, offset: u64 } "u32[{base} + {offset}] = {value}"
            [Store Gas Trap];
        Store64Wide { base: In32, value: In64, offset: u64 } "u64[{base} + {offset}] = {value}"
            [Store Gas Trap];
        Store8At { gap: Gap, value: In32, address: u64 } "u8[{address}] = {value}" [Store Gas Trap];
        Store16At { gap: Gap, value: In32, address: u64 } "u16[{address}] = {value}"
            [Store Gas Trap];
        Store32At { gap: Gap, value: In32, address: u64 } "u32[{address}] = {value}"
            [Store Gas Trap];
        Store64At { gap: Gap, value: In64, address: u64 } "u64[{address}] = {value}"
            [Store Gas Trap];
        Store8Sum { base: In32, value: In32, addend: i16 } "u8[{base} +32 {addend}] = {value}"
            [Store Gas Trap];
        Store16Sum { base: In32, value: In32, addend: i16 } "u16[{base} +32 {addend}] = {value}"
            [Store Gas Trap];
        Store32Sum { base: In32, value: In32, addend: i16 } "u32[{base} +32 {addend}] = {value}"
            [Store Gas Trap];
        Store64Sum { base: In32, value: In64, addend: i16 } "u64[{base} +32 {addend}] = {value}"
            [Store Gas Trap];
        Store8Imm { base: In32, imm: i16, offset: u16 } "u8[{base} + {offset}] = {imm}"
            [Store Gas Trap];
        Store16Imm { base: In32, imm: i16, offset: u16 } "u16[{base} + {offset}] = {imm}"
            [Store Gas Trap];
        Store32Imm { base: In32, imm: i16, offset: u16 } "u32[{base} + {offset}] = {imm}"
            [Store Gas Trap];
        Store64Imm { base: In32, imm: i16, offset: u16 } "u64[{base} + {offset}] = {imm}"
            [Store Gas Trap];

        // The memory as a whole. In pages; in bytes.
        MemorySize { d: Out32 } "{d} = memory.size" [State];
        MemoryGrow { d: Out32, x: In32 } "{d} = memory.grow {x}" [State];
        MemoryFill { dest: In32, value: In32, count: In32 } "memory.fill {dest}, {value}, {count}"
            [Store Gas Trap];
        MemoryCopy { dest: In32, source: In32, count: In32 }
            "memory.copy {dest}, {source}, {count}" [Load Store Gas Trap];
        MemoryInit { dest: In32, source: In32, count: In32, segment: u32 }
            "memory.init {segment}: {dest}, {source}, {count}" [Store State Gas Trap];
        DataDrop { segment: u32 } "data.drop {segment}" [State];

        // Tables and references. Null is zero.
        TableGet { d: Out64, element: In32, table: u16 } "{d} = table {table}[{element}]"
            [State Trap];
        TableSet { element: In32, value: In64, table: u16 } "table {table}[{element}] = {value}"
            [State Trap];
        TableSize { d: Out32, table: u32 } "{d} = table.size {table}" [State];
        TableGrow { d: Out32, value: In64, count: In32, table: u32 }
            "{d} = table.grow {table}: {value}, {count}" [State Gas Trap];
        TableFill { dest: In32, value: In64, count: In32, table: u32 }
            "table.fill {table}: {dest}, {value}, {count}" [State Gas Trap];
        TableCopy { dest: In32, source: In32, count: In32, table: u32, source_table: u32 }
            "table.copy {table} {source_table}: {dest}, {source}, {count}" [State Gas Trap];
        TableInit { dest: In32, source: In32, count: In32, table: u32, segment: u32 }
            "table.init {table} {segment}: {dest}, {source}, {count}" [State Gas Trap];
        ElemDrop { segment: u32 } "elem.drop {segment}" [State];
        RefFunc { d: Out64, function: u32 } "{d} = ref.func {function}" [State];

        // Floats. What only moves bits takes them as integers.
        F32Abs { d: Out32, x: In32 } "{d} = f32 abs {x}" [Float];
        F32Neg { d: Out32, x: In32 } "{d} = f32 - {x}" [Float];
        F32Ceil { d: OutF32, x: InF32 } "{d} = f32 ceil {x}" [Float];
        F32Floor { d: OutF32, x: InF32 } "{d} = f32 floor {x}" [Float];
        F32Trunc { d: OutF32, x: InF32 } "{d} = f32 trunc {x}" [Float];
        F32Nearest { d: OutF32, x: InF32 } "{d} = f32 nearest {x}" [Float];
        F32Sqrt { d: OutF32, x: InF32 } "{d} = f32 sqrt {x}" [Float];
        F32Add { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} + {y}" [Float];
        F32Sub { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} - {y}" [Float];
        F32Mul { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} * {y}" [Float];
        F32Div { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} / {y}" [Float];
        F32Min { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} min {y}" [Float];
        F32Max { d: OutF32, x: InF32, y: InF32 } "{d} = f32 {x} max {y}" [Float];
        F32Copysign { d: Out32, x: In32, y: In32 } "{d} = f32 {x} copysign {y}" [Float];
        F32Eq { d: Out32, x: InF32, y: InF32 } "{d} = f32 {x} == {y}" [Float];
        F32Ne { d: Out32, x: InF32, y: InF32 } "{d} = f32 {x} != {y}" [Float];
        F32Lt { d: Out32, x: InF32, y: InF32 } "{d} = f32 {x} < {y}" [Float];
        F32Le { d: Out32, x: InF32, y: InF32 } "{d} = f32 {x} <= {y}" [Float];
        F64Abs { d: Out64, x: In64 } "{d} = f64 abs {x}" [Float];
        F64Neg { d: Out64, x: In64 } "{d} = f64 - {x}" [Float];
        F64Ceil { d: OutF64, x: InF64 } "{d} = f64 ceil {x}" [Float];
        F64Floor { d: OutF64, x: InF64 } "{d} = f64 floor {x}" [Float];
        F64Trunc { d: OutF64, x: InF64 } "{d} = f64 trunc {x}" [Float];
        F64Nearest { d: OutF64, x: InF64 } "{d} = f64 nearest {x}" [Float];
        F64Sqrt { d: OutF64, x: InF64 } "{d} = f64 sqrt {x}" [Float];
        F64Add { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} + {y}" [Float];
        F64Sub { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} - {y}" [Float];
        F64Mul { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} * {y}" [Float];
        F64Div { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} / {y}" [Float];
        F64Min { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} min {y}" [Float];
        F64Max { d: OutF64, x: InF64, y: InF64 } "{d} = f64 {x} max {y}" [Float];
        F64Copysign { d: Out64, x: In64, y: In64 } "{d} = f64 {x} copysign {y}" [Float];
        F64Eq { d: Out32, x: InF64, y: InF64 } "{d} = f64 {x} == {y}" [Float];
        F64Ne { d: Out32, x: InF64, y: InF64 } "{d} = f64 {x} != {y}" [Float];
        F64Lt { d: Out32, x: InF64, y: InF64 } "{d} = f64 {x} < {y}" [Float];
        F64Le { d: Out32, x: InF64, y: InF64 } "{d} = f64 {x} <= {y}" [Float];
        I32TruncF32S { d: Out32, x: InF32 } "{d} = i32 f32 {x}" [Float Trap];
        I32TruncF32U { d: Out32, x: InF32 } "{d} = u32 f32 {x}" [Float Trap];
        I32TruncF64S { d: Out32, x: InF64 } "{d} = i32 f64 {x}" [Float Trap];
        I32TruncF64U { d: Out32, x: InF64 } "{d} = u32 f64 {x}" [Float Trap];
        I64TruncF32S { d: Out64, x: InF32 } "{d} = i64 f32 {x}" [Float Trap];
        I64TruncF32U { d: Out64, x: InF32 } "{d} = u64 f32 {x}" [Float Trap];
        I64TruncF64S { d: Out64, x: InF64 } "{d} = i64 f64 {x}" [Float Trap];
        I64TruncF64U { d: Out64, x: InF64 } "{d} = u64 f64 {x}" [Float Trap];
        I32TruncSatF32S { d: Out32, x: InF32 } "{d} = i32 sat f32 {x}" [Float];
        I32TruncSatF32U { d: Out32, x: InF32 } "{d} = u32 sat f32 {x}" [Float];
        I32TruncSatF64S { d: Out32, x: InF64 } "{d} = i32 sat f64 {x}" [Float];
        I32TruncSatF64U { d: Out32, x: InF64 } "{d} = u32 sat f64 {x}" [Float];
        I64TruncSatF32S { d: Out64, x: InF32 } "{d} = i64 sat f32 {x}" [Float];
        I64TruncSatF32U { d: Out64, x: InF32 } "{d} = u64 sat f32 {x}" [Float];
        I64TruncSatF64S { d: Out64, x: InF64 } "{d} = i64 sat f64 {x}" [Float];
        I64TruncSatF64U { d: Out64, x: InF64 } "{d} = u64 sat f64 {x}" [Float];
        F32ConvertI32S { d: OutF32, x: In32 } "{d} = f32 i32 {x}" [Float];
        F32ConvertI32U { d: OutF32, x: In32 } "{d} = f32 u32 {x}" [Float];
        F32ConvertI64S { d: OutF32, x: In64 } "{d} = f32 i64 {x}" [Float];
        F32ConvertI64U { d: OutF32, x: In64 } "{d} = f32 u64 {x}" [Float];
        F64ConvertI32S { d: OutF64, x: In32 } "{d} = f64 i32 {x}" [Float];
        F64ConvertI32U { d: OutF64, x: In32 } "{d} = f64 u32 {x}" [Float];
        F64ConvertI64S { d: OutF64, x: In64 } "{d} = f64 i64 {x}" [Float];
        F64ConvertI64U { d: OutF64, x: In64 } "{d} = f64 u64 {x}" [Float];
        F32DemoteF64 { d: OutF32, x: InF64 } "{d} = f32 f64 {x}" [Float];
        F64PromoteF32 { d: OutF64, x: InF32 } "{d} = f64 f32 {x}" [Float];
    } };
}

pub(crate) use for_each_op;
