//! What an object's code can name as bytes: itself, the objects inside of it, its data.
use super::Builder;
use crate::ir::{Part, PartId};
use crate::yul::ast::Object;

impl Builder<'_> {
    /// Returns the part of a name. Objects inside of objects have their names joined by dots.
    pub(super) fn part(&mut self, name: &str) -> Option<PartId> {
        let part = if *name == *self.object.name {
            Part::Itself
        } else {
            let inside =
                name.strip_prefix(&*self.object.name).and_then(|rest| rest.strip_prefix('.'));
            find(self.object, name, &mut Vec::new())
                .or_else(|| find(self.object, inside?, &mut Vec::new()))?
        };
        let parts = &mut self.program.parts;
        let at = parts.iter().position(|other| *other == part).unwrap_or_else(|| {
            parts.push(part);
            parts.len() - 1
        });
        Some(PartId(at as u32))
    }
}

fn find(object: &Object, name: &str, path: &mut Vec<usize>) -> Option<Part> {
    if let Some(data) = object.data.iter().find(|data| *data.name == *name)
        && path.is_empty()
    {
        return Some(Part::Data(data.bytes.clone()));
    }
    for (at, inner) in object.objects.iter().enumerate() {
        path.push(at);
        if *inner.name == *name {
            return Some(Part::Object(path.clone()));
        }
        if let Some(rest) = name.strip_prefix(&*inner.name).and_then(|rest| rest.strip_prefix('.'))
            && let Some(part) = find(inner, rest, path)
        {
            return Some(part);
        }
        path.pop();
    }
    None
}
