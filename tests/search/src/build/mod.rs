//! From descriptions to bytes.
mod body;
mod instructions;

use std::collections::BTreeMap;

use tephra_core::ewasm::INTERFACE;
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementMode,
    ElementSection, ElementSegment, Elements, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction as I, MemArg,
    MemArgTarget, MemorySection, MemoryType, RefType, TableSection, TableType, TypeSection,
    ValType,
};

use crate::genome::{Function, Module, Node};
use body::Body;

/// Bytes of a function, about, at most.
const LARGEST_FUNCTION: usize = 60_000;
/// Bytes of all functions, about, at most.
const LARGEST_CODE: usize = 100_000;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ty {
    I32,
    I64,
    Ref,
}

impl Ty {
    fn val(self) -> ValType {
        match self {
            Self::I32 => ValType::I32,
            Self::I64 => ValType::I64,
            Self::Ref => ValType::FUNCREF,
        }
    }
}

/// The types of the values of a pattern, see [`Shape`](crate::genome::Shape).
fn types(pattern: u8, count: u8) -> Vec<Ty> {
    let ty = |index: u8| match pattern % 4 {
        0 => Ty::I32,
        1 => Ty::I64,
        2 if index.is_multiple_of(2) => Ty::I32,
        2 => Ty::I64,
        _ => Ty::Ref,
    };
    (0..count).map(ty).collect()
}

type Signature = (Vec<Ty>, Vec<Ty>);

/// The types that were needed so far.
#[derive(Default)]
struct Types {
    numbers: BTreeMap<Signature, u32>,
    list: Vec<Signature>,
}

impl Types {
    fn number(&mut self, params: &[Ty], results: &[Ty]) -> u32 {
        let signature = (params.to_vec(), results.to_vec());
        let next = self.list.len() as u32;
        *self.numbers.entry(signature.clone()).or_insert_with(|| {
            self.list.push(signature);
            next
        })
    }
}

/// The parts of a module that its functions refer to.
struct Known {
    signatures: Vec<Signature>,
    /// Numbers of the interface functions that are imported, by their place in the table.
    hosts: BTreeMap<u8, u32>,
    globals: Vec<Ty>,
    element_segments: u32,
    data_segments: u32,
}

/// The number of nodes that were written, by kind.
pub type Tally = BTreeMap<&'static str, u64>;

/// The use of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A plain module, with a function `setup` that touches its memory.
    Plain,
    /// A contract.
    Contract,
}

/// The bytes of a module, and what is in it. `library` is what its memory has at the start, if it
/// wants that; `copy` makes the code another one.
pub fn build(module: &Module, how: Use, library: &[u8], copy: u16) -> (Vec<u8>, Tally) {
    let mut types = Types::default();
    let mut tally = Tally::new();
    let hosts = if how == Use::Contract { hosts(module) } else { BTreeMap::new() };
    let imported = hosts.len() as u32;
    let import_types: Vec<_> = hosts.keys().map(|place| host_type(*place, &mut types)).collect();

    let own = module.functions.len();
    let pages = match how {
        Use::Plain => module.pages.max(1).max(module.touched.div_ceil(64)),
        Use::Contract => module.pages,
    };
    let pages = u64::from(pages);
    let elements = element_segments(module);
    let data = data_segments(module, how, library, pages);
    let globals = globals(module);
    let known = Known {
        signatures: module
            .functions
            .iter()
            .enumerate()
            .map(|(index, function)| signature(function, index))
            .collect(),
        hosts: hosts.keys().copied().zip(0..).collect(),
        globals: globals.iter().map(|(ty, _)| *ty).collect(),
        element_segments: elements.len() as u32,
        data_segments: data.len() as u32,
    };

    let mut function_section = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut size = 0;
    for (index, function) in module.functions.iter().enumerate() {
        let (params, results) = signature(function, index);
        let bytes = Body::new(&known, &mut types, &mut tally, function, index).write(imported);
        let times = if index + 1 == own { 1 + u32::from(module.last_repeated) } else { 1 };
        for _ in 0..times {
            if size + bytes.len() > LARGEST_CODE && index > 0 && size > 0 {
                break;
            }
            size += bytes.len();
            function_section.function(types.number(&params, &results));
            code.raw(&bytes);
        }
        if function_section.len() as usize <= index {
            // What others call has to be there.
            function_section.function(types.number(&params, &results));
            code.raw(&[0, 0x00, 0x0b]);
        }
    }
    if how == Use::Plain {
        function_section.function(types.number(&[], &[]));
        code.raw(&setup(module.touched));
    }

    let mut type_section = TypeSection::new();
    for (params, results) in &types.list {
        type_section
            .ty()
            .function(params.iter().map(|ty| ty.val()), results.iter().map(|ty| ty.val()));
    }
    let mut imports = ImportSection::new();
    for (place, ty) in hosts.keys().zip(import_types) {
        if let Some(function) = INTERFACE.get(usize::from(*place)) {
            imports.import(function.module, function.name, EntityType::Function(ty));
        }
    }
    let mut tables = TableSection::new();
    let (minimum, maximum) = (u64::from(module.table), None);
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum,
        maximum,
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut global_section = GlobalSection::new();
    for (ty, init) in &globals {
        global_section
            .global(GlobalType { val_type: ty.val(), mutable: true, shared: false }, init);
    }
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("main", ExportKind::Func, imported);
    if how == Use::Plain {
        exports.export("setup", ExportKind::Func, imported + function_section.len() - 1);
    }
    let mut element_section = ElementSection::new();
    for segment in elements {
        write_elements(&mut element_section, segment, imported, own as u32);
    }
    let mut data_section = DataSection::new();
    let data_count = DataCountSection { count: data.len() as u32 };
    for (at, bytes) in data {
        match at {
            Some(at) => data_section.active(0, &ConstExpr::i32_const(at as i32), bytes),
            None => data_section.passive(bytes),
        };
    }

    let mut wasm = wasm_encoder::Module::new();
    wasm.section(&type_section)
        .section(&imports)
        .section(&function_section)
        .section(&tables)
        .section(&memories);
    wasm.section(&global_section)
        .section(&exports)
        .section(&element_section)
        .section(&data_count)
        .section(&code);
    wasm.section(&data_section);
    let padding = vec![copy as u8; module.padding as usize + 1];
    let data = [&copy.to_le_bytes()[..], &padding].concat();
    wasm.section(&CustomSection { name: "padding".into(), data: data.into() });
    (wasm.finish(), tally)
}

fn signature(function: &Function, index: usize) -> Signature {
    if index == 0 {
        return Signature::default();
    }
    let shape = function.shape;
    (types(shape.types, shape.params.min(64)), types(shape.types, shape.results.min(16)))
}

/// The interface functions that a module calls, by their place in the table.
fn hosts(module: &Module) -> BTreeMap<u8, ()> {
    fn find(node: &mut Node, found: &mut BTreeMap<u8, ()>) {
        if let Node::Host(place, _) = node
            && INTERFACE
                .get(usize::from(*place))
                .is_some_and(|function| function.module == "ethereum")
        {
            found.insert(*place, ());
        }
        node.children().into_iter().for_each(|child| find(child, found));
    }
    let mut found = BTreeMap::new();
    for function in &module.functions {
        function.body.clone().iter_mut().for_each(|node| find(node, &mut found));
    }
    found
}

fn host_type(place: u8, types: &mut Types) -> u32 {
    let Some(function) = INTERFACE.get(usize::from(place)) else { return 0 };
    let ty = |ty| if ty == tephra_core::wasm::ValType::I64 { Ty::I64 } else { Ty::I32 };
    let params: Vec<_> = function.params.iter().map(|param| ty(param.kind.ty())).collect();
    let results: Vec<_> = function.result.iter().map(|result| ty(result.ty())).collect();
    types.number(&params, &results)
}

fn globals(module: &Module) -> Vec<(Ty, ConstExpr)> {
    let long = module.globals.iter().take(64).map(|operations| {
        let pairs = (0..*operations / 2).flat_map(|_| [I::I32Const(1), I::I32Add]);
        (Ty::I32, ConstExpr::extended(std::iter::once(I::I32Const(1)).chain(pairs)))
    });
    let plain = (0..module.plain_globals.min(900)).map(|index| match index % 2 {
        0 => (Ty::I64, ConstExpr::i64_const(i64::from(index))),
        _ => (Ty::I32, ConstExpr::i32_const(i32::from(index))),
    });
    long.chain(plain).collect()
}

fn element_segments(module: &Module) -> Vec<crate::genome::Elements> {
    let fits = |segment: &crate::genome::Elements| crate::genome::Elements {
        items: if segment.passive { segment.items } else { segment.items.min(module.table) },
        ..*segment
    };
    module.elements.iter().take(64).map(fits).collect()
}

fn write_elements(
    section: &mut ElementSection,
    segment: crate::genome::Elements,
    imported: u32,
    own: u32,
) {
    let offset = ConstExpr::i32_const(0);
    let mode = if segment.passive {
        ElementMode::Passive
    } else {
        ElementMode::Active { table: None, offset: &offset }
    };
    let items = (0..u32::from(segment.items)).map(|index| imported + index % own);
    let elements = if segment.expressions {
        let items: Vec<_> = items.map(ConstExpr::ref_func).collect();
        Elements::Expressions(RefType::FUNCREF, items.into())
    } else {
        Elements::Functions(items.collect::<Vec<_>>().into())
    };
    section.segment(ElementSegment { mode, elements });
}

/// The first is passive, where there are any; then the library.
fn data_segments(
    module: &Module,
    how: Use,
    library: &[u8],
    pages: u64,
) -> Vec<(Option<u32>, Vec<u8>)> {
    let (count, len) = (u64::from(module.data.0.min(900)), u64::from(module.data.1));
    let room = (pages << 16).saturating_sub(len).max(1);
    let mut segments = Vec::new();
    if count > 0 {
        segments.push((None, vec![7; len as usize]));
    }
    if module.library && how == Use::Contract && pages > 0 {
        segments.push((Some(0), library.to_vec()));
    }
    let each = if len * count > LARGEST_CODE as u64 || len > pages << 16 { 0 } else { len };
    segments.extend((1..count).map(|index| {
        let at = index * u64::from(module.stride) % room;
        (Some(at as u32), vec![index as u8; each as usize])
    }));
    segments
}

/// Writes into each line of the memory the address of another one, so that loads can follow them
/// around.
fn setup(touched: u16) -> Vec<u8> {
    let bytes = i32::from(touched) << 10;
    let store = MemArg { offset: 0, align: 2, target: MemArgTarget::Memory(0), ordering: None };
    let block = wasm_encoder::BlockType::Empty;
    let instructions = [
        I::Loop(block),
        I::LocalGet(0),
        I::LocalGet(0),
        I::I32Const(1_664_525),
        I::I32Mul,
        I::I32Const(1_013_904_256),
        I::I32Add,
        I::I32Const(bytes.max(1)),
        I::I32RemU,
        I::I32Const(-64),
        I::I32And,
        I::I32Store(store),
        I::LocalGet(0),
        I::I32Const(64),
        I::I32Add,
        I::LocalTee(0),
        I::I32Const(bytes),
        I::I32LtU,
        I::BrIf(0),
        I::End,
        I::End,
    ];
    let mut bytes = vec![1, 1, 0x7f];
    for instruction in
        if touched == 0 { instructions.get(20..).unwrap_or_default() } else { &instructions }
    {
        wasm_encoder::Encode::encode(instruction, &mut bytes);
    }
    bytes
}
