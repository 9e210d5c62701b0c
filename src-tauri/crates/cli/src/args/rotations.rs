//! `rotations …`.

use clap::{Subcommand, ValueEnum};

use super::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum RotationsCommand {
    /// Take the next steps of a rotation, or look whether an old key is dead that only a dashboard revokes
    Continue {
        /// Its id
        rotation: String,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke the old key now: wait neither for its grace nor for clients that have not called yet
    Retire {
        /// Its id
        rotation: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Call a rotation off: clients use the old key again, and the new one is revoked
    Cancel {
        /// Its id
        rotation: String,
        #[command(flatten)]
        output: Output,
    },
}

impl RotationsCommand {
    pub fn output(&self) -> &Output {
        match self {
            Self::Continue { output, .. }
            | Self::Retire { output, .. }
            | Self::Cancel { output, .. } => output,
        }
    }
}

/// How long an old key stays good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraceArg {
    /// Until every client that runs is seen with the new one
    #[default]
    Now,
    /// One hour
    #[value(name = "1h")]
    Hour,
    /// 24 hours
    #[value(name = "24h")]
    Day,
    /// 7 days
    #[value(name = "7d")]
    Week,
}
