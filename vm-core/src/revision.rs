//! The revisions of the Ethereum protocol, with EVMC's numbers.

use core::fmt;
use core::str::FromStr;

use Revision::*;

/// A revision ("hard fork") of the Ethereum protocol.
///
/// The discriminants are those of EVMC's `evmc_revision`, and a later revision compares greater, so
/// that `revision >= Revision::Istanbul` asks whether Istanbul's rules are in force. The
/// rules themselves stand in the [`Schedule`](crate::ewasm::Schedule).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Revision {
    /// The first protocol, July 2015.
    Frontier = 0,
    /// EIP-606, March 2016.
    Homestead = 1,
    /// EIP-608, October 2016 ("EIP150" in the state tests).
    TangerineWhistle = 2,
    /// EIP-607, November 2016 ("EIP158" in the state tests).
    SpuriousDragon = 3,
    /// EIP-609, October 2017.
    Byzantium = 4,
    /// EIP-1013, never active on the main network without Petersburg.
    Constantinople = 5,
    /// EIP-1716, February 2019 ("ConstantinopleFix" in the state tests).
    Petersburg = 6,
    /// EIP-1679, December 2019.
    Istanbul = 7,
    /// EIP-2070, April 2021.
    Berlin = 8,
    /// August 2021.
    London = 9,
    /// EIP-3675, September 2022 ("Merge" in the state tests).
    Paris = 10,
    /// April 2023.
    Shanghai = 11,
    /// EIP-7569, March 2024.
    Cancun = 12,
    /// EIP-7600, May 2025.
    Prague = 13,
    /// EIP-7607, December 2025.
    Osaka = 14,
}

/// One row per revision, in order: its name, and what else the public state tests call it or a
/// revision that changed nothing that a contract can see. All without separators and in lower case,
/// except for the hyphen of a name.
const NAMES: [(Revision, &str, &[&str]); 15] = [
    (Frontier, "frontier", &[]),
    (Homestead, "homestead", &[]),
    (TangerineWhistle, "tangerine-whistle", &["eip150"]),
    (SpuriousDragon, "spurious-dragon", &["eip158"]),
    (Byzantium, "byzantium", &[]),
    (Constantinople, "constantinople", &[]),
    (Petersburg, "petersburg", &["constantinoplefix"]),
    (Istanbul, "istanbul", &["muirglacier"]),
    (Berlin, "berlin", &[]),
    (London, "london", &["arrowglacier", "grayglacier"]),
    (Paris, "paris", &["merge"]),
    (Shanghai, "shanghai", &[]),
    (Cancun, "cancun", &[]),
    (Prague, "prague", &[]),
    (Osaka, "osaka", &[]),
];

impl Revision {
    /// The newest revision that the engine knows.
    pub const NEWEST: Self = Osaka;

    /// The oldest revision for which the engine has a gas schedule: Ewasm was designed on
    /// Byzantium.
    pub const OLDEST_SUPPORTED: Self = Byzantium;

    /// Every revision, oldest first; the index of each is its EVMC number.
    pub const ALL: [Self; 15] = [
        Frontier,
        Homestead,
        TangerineWhistle,
        SpuriousDragon,
        Byzantium,
        Constantinople,
        Petersburg,
        Istanbul,
        Berlin,
        London,
        Paris,
        Shanghai,
        Cancun,
        Prague,
        Osaka,
    ];

    /// Whether the engine has a gas schedule for the revision.
    pub const fn is_supported(self) -> bool {
        self as u8 >= Self::OLDEST_SUPPORTED as u8
    }

    /// Returns the name in lower case, words joined by a hyphen: `byzantium`, `tangerine-whistle`.
    pub const fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name or a number that is no revision which the engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownRevision;

impl fmt::Display for UnknownRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not an Ethereum revision: known are {} (0) to {} ({})",
            Frontier,
            Revision::NEWEST,
            Revision::NEWEST as u8
        )
    }
}

impl core::error::Error for UnknownRevision {}

impl TryFrom<u8> for Revision {
    type Error = UnknownRevision;

    /// The revision with this EVMC number.
    fn try_from(number: u8) -> Result<Self, UnknownRevision> {
        Self::ALL.get(usize::from(number)).copied().ok_or(UnknownRevision)
    }
}

impl FromStr for Revision {
    type Err = UnknownRevision;

    /// Reads a revision's name in any letter case, with or without a space, hyphen or underscore
    /// between its words, or the name that Ethereum's state tests use for it: `EIP150`, `EIP158`,
    /// `ConstantinopleFix`, `Merge`.
    fn from_str(text: &str) -> Result<Self, UnknownRevision> {
        NAMES
            .iter()
            .find(|(_, name, aliases)| {
                same_name(text, name) || aliases.iter().any(|alias| same_name(text, alias))
            })
            .map(|(revision, ..)| *revision)
            .ok_or(UnknownRevision)
    }
}

fn same_name(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right))
}

fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes()
        .filter(|byte| !matches!(byte, b'-' | b'_' | b' '))
        .map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn numbers_are_those_of_evmc() {
        for (number, revision) in Revision::ALL.into_iter().enumerate() {
            assert_eq!(revision as usize, number);
            assert_eq!(Revision::try_from(number as u8), Ok(revision));
            assert_eq!(NAMES[number].0, revision);
        }
        assert_eq!(Revision::Byzantium as u8, 4);
        assert_eq!(Revision::NEWEST as u8, 14);
        assert_eq!(Revision::try_from(15), Err(UnknownRevision));
        assert_eq!(Revision::try_from(255), Err(UnknownRevision));
    }

    #[test]
    fn later_revisions_compare_greater() {
        assert!(Revision::ALL.is_sorted());
        assert!(Revision::Istanbul < Revision::Berlin);
        assert_eq!(Revision::ALL.last(), Some(&Revision::NEWEST));
    }

    #[test]
    fn every_name_is_read_back() {
        for revision in Revision::ALL {
            assert_eq!(revision.name().parse(), Ok(revision));
            assert_eq!(revision.to_string(), revision.name());
        }
    }

    #[test]
    fn names_of_the_state_tests_are_known() {
        for (name, revision) in [
            ("Frontier", Frontier),
            ("EIP150", TangerineWhistle),
            ("EIP158", SpuriousDragon),
            ("Byzantium", Byzantium),
            ("ConstantinopleFix", Petersburg),
            ("Merge", Paris),
            ("Paris", Paris),
            ("Osaka", Osaka),
            ("Tangerine Whistle", TangerineWhistle),
            ("SPURIOUS_DRAGON", SpuriousDragon),
            ("spuriousdragon", SpuriousDragon),
        ] {
            assert_eq!(name.parse(), Ok(revision), "{name}");
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "-", "byzantiumm", "byz", "MergeToShanghai", "15"] {
            assert_eq!(name.parse::<Revision>(), Err(UnknownRevision), "{name}");
        }
    }

    #[test]
    fn the_error_says_what_is_known() {
        assert_eq!(
            UnknownRevision.to_string(),
            "not an Ethereum revision: known are frontier (0) to osaka (14)"
        );
    }
}
