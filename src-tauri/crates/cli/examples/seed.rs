//! `seed DATA_DIR COUNT`: many keys in a local workspace, for `make bench`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(data), Some(count)) = (args.next(), args.next()) else {
        return ExitCode::from(2);
    };
    let count = count.to_str().and_then(|count| count.parse().ok());
    match count.map(|count| keystow_workspace::seed(data.as_ref(), count)) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(_)) => ExitCode::FAILURE,
        None => ExitCode::from(2),
    }
}
