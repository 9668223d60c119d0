//! A list that grows by pieces of one size.
use alloc::vec::Vec;
use core::mem::size_of;
use core::ops::{Index, IndexMut};

/// Bytes of a piece, at most.
const PIECE: usize = 4 << 10;

/// A list whose items never move: when one piece is full, another of the same size begins.
///
/// A vector that doubles has up to three times its contents allocated while it moves, and leaves a
/// hole of each size behind. An allocator that never joins what was freed, as that of
/// Substrate's executor, keeps all of them; this has one size for all of its holes.
#[derive(Clone, Debug)]
pub(super) struct Pieces<T> {
    /// All but the last are full, and none is empty.
    pieces: Vec<Vec<T>>,
    len: u32,
}

impl<T> Pieces<T> {
    /// Items of a piece.
    const ITEMS: usize =
        if size_of::<T>() == 0 || size_of::<T>() > PIECE { 1 } else { PIECE / size_of::<T>() };

    pub const fn new() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }

    pub fn len(&self) -> u32 {
        self.len
    }

    /// Adds an item, and answers its place.
    pub fn push(&mut self, item: T) -> u32 {
        let place = self.len;
        match self.pieces.last_mut() {
            Some(piece) if piece.len() < Self::ITEMS => piece.push(item),
            _ => {
                let mut piece = Vec::with_capacity(Self::ITEMS);
                piece.push(item);
                self.pieces.push(piece);
            }
        }
        self.len += 1;
        place
    }

    pub fn pop(&mut self) -> Option<T> {
        let piece = self.pieces.last_mut()?;
        let item = piece.pop();
        if piece.is_empty() {
            self.pieces.pop();
        }
        self.len = self.len.saturating_sub(1);
        item
    }

    pub fn clear(&mut self) {
        self.pieces.clear();
        self.len = 0;
    }

    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

// Places come from `push` alone, and what was taken away is not asked for.
impl<T> Index<u32> for Pieces<T> {
    type Output = T;

    fn index(&self, place: u32) -> &T {
        &self.pieces[place as usize / Self::ITEMS][place as usize % Self::ITEMS]
    }
}

impl<T> IndexMut<u32> for Pieces<T> {
    fn index_mut(&mut self, place: u32) -> &mut T {
        &mut self.pieces[place as usize / Self::ITEMS][place as usize % Self::ITEMS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_list() {
        let mut pieces = Pieces::new();
        let mut list = Vec::new();
        // Up and down over the edges of pieces.
        for (more, fewer) in [(2000_u64, 500), (1, 1), (3000, 4400), (100, 200), (5, 0)] {
            for item in 0..more {
                assert_eq!(pieces.push(item), list.len() as u32);
                list.push(item);
            }
            for _ in 0..fewer {
                assert_eq!(pieces.pop(), list.pop());
            }
            assert_eq!(pieces.len(), list.len() as u32);
            assert!(pieces.iter().eq(&list));
            assert!((0..pieces.len()).all(|place| pieces[place] == list[place as usize]));
        }
        pieces[3] = 77;
        assert_eq!(pieces.iter().nth(3), Some(&77));
        pieces.clear();
        assert_eq!((pieces.len(), pieces.pop()), (0, None));
    }

    #[test]
    fn pieces_have_one_size_and_stay_where_they_are() {
        let mut pieces = Pieces::new();
        pieces.push([0_u8; 100]);
        let first = &raw const pieces[0];
        for _ in 0..1000 {
            pieces.push([0; 100]);
        }
        assert_eq!(&raw const pieces[0], first);
        assert!(pieces.pieces.iter().all(|piece| piece.capacity() == 40));
    }

    #[test]
    fn what_is_larger_than_a_piece_has_one_alone() {
        let mut pieces = Pieces::new();
        pieces.push([1_u8; 5000]);
        pieces.push([2; 5000]);
        assert_eq!(pieces[1][4999], 2);
    }
}
