package serve

import (
	"math"
	"runtime/debug"
)

// startMemory is more than a start needs at once and less than may be used. Collecting garbage while it starts would
// cost a quarter of the time: most of what is made then stays.
const startMemory = 320 << 20

// collectLater leaves garbage alone up to a limit.
func collectLater() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(startMemory)
}

// collectNow is Go's usual way again: a limit would cost ever more time the more is stored.
func collectNow() {
	debug.SetGCPercent(100)
	debug.SetMemoryLimit(math.MaxInt64)
}
