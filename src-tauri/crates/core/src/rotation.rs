//! Rotation: a key is replaced by another just like it, and no call fails on the way.

use serde::{Deserialize, Serialize};

use crate::key::UnixMs;

/// How far a rotation is. Each step is in the store before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The new key is not there yet.
    Planned,
    /// The new key is stowed; nobody uses it.
    Created,
    /// The connections point to the new key; programs that run notice before their next request.
    Switched,
    /// Whoever runs has succeeded with the new key. The old one is good for the rest of its grace.
    Observed,
    /// The old key is revoked.
    Retired,
    /// The connections point to the old key again; the new one is still to be revoked.
    GoingBack,
    /// The person called it off. The old key is in use, the new one is gone.
    Cancelled,
    /// The new key was no good. The old key is in use, the new one is gone.
    Failed,
}

impl Stage {
    /// Nothing more is to be done.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Retired | Self::Cancelled | Self::Failed)
    }

    /// As the store writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Created => "created",
            Self::Switched => "switched",
            Self::Observed => "observed",
            Self::Retired => "retired",
            Self::GoingBack => "going_back",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// How long the old key stays good once its clients have another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grace {
    /// Not at all: it goes as soon as every client is seen with the new one.
    #[default]
    Now,
    /// One hour.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
}

impl Grace {
    /// In milliseconds.
    pub const fn ms(self) -> UnixMs {
        const HOUR: UnixMs = 60 * 60 * 1000;
        match self {
            Self::Now => 0,
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
        }
    }
}
