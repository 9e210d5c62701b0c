pub(crate) fn kill_after() -> Option<usize> {
    None
}
