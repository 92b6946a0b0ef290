//go:build cgo

package main

/*
#include <malloc.h>

static void keep_memory(void) {
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 16 << 20);
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
#endif
}
*/
import "C"

// keepMemory has the C library keep what a frame was drawn with for the next one. Without a graphics card OpenGL asks for
// megabytes for every frame, and glibc would give them back to the system after each, only to have them mapped and
// cleared again page by page: a quarter of the time that a frame took. See mallopt(3).
func keepMemory() { C.keep_memory() }
