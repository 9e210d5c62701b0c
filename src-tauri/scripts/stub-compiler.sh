#!/bin/sh
# Stands in for a C compiler and an archiver where Rust code for another system is only type-checked: every output file it is
# asked for comes into being, empty. What is made with it cannot be linked or run.
archive=
while [ $# -gt 0 ]; do
    case $1 in
        -o) shift; : >"$1" ;;
        *.a) [ -n "$archive" ] || { archive=$1; : >"$1"; } ;;
    esac
    shift
done
exit 0
