//! AI clients as data: where each keeps its settings, in which shape, and what to beware of.
