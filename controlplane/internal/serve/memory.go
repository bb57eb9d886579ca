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

// spare is memory that is never touched, so that it costs none. Go collects garbage when there is twice as much as what
// stays; what is counted with it leaves more room in between while little is stored.
var spare []byte

const spareSize = 96 << 20

// collectNow is Go's usual way again: a limit would cost ever more time the more is stored.
func collectNow() {
	spare = make([]byte, spareSize)
	debug.SetGCPercent(100)
	debug.SetMemoryLimit(math.MaxInt64)
}
