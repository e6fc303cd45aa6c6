//! Handles: small copies that name an entry of an [`Assembly`](super::Assembly).

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            pub(crate) fn new(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// Position in the order of declaration.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

handle!(
    /// A commodity in a region; it has one market price.
    Node
);
handle!(
    /// Anything that turns quantities at some nodes into quantities at others.
    Activity
);
handle!(
    /// A variable of the system: a price, a level, or what a measure adds.
    Unknown
);
handle!(
    /// A number of the system that can be changed between solves.
    Param
);
handle!(
    /// Someone who pays or is paid.
    Party
);
