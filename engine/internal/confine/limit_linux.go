package confine

import "syscall"

// limitData makes the system refuse memory beyond a size. The process ends then, and its client answers for it.
func limitData(size uint64) error {
	limit := syscall.Rlimit{Cur: size, Max: size}
	var present syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &present); err == nil && present.Max < size {
		return nil // a tighter limit is in force already
	}
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}
