//go:build race

package app_test

// racing: the race detector watches. Pictures say nothing about races, take it ten times as long, and fill the memory.
const racing = true
