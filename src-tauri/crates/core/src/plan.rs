//! Previews: what a change would do to a file, shown without anybody's secrets.
