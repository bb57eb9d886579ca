package simulate

import (
	"net/netip"
	"sync/atomic"
)

// hostAddress is what every simulated node has: an address for documentation (RFC 5737), which leads nowhere.
const hostAddress = "198.51.100.1"

// addresses hands out addresses of pods and of load balancers.
type addresses struct {
	pods     atomic.Uint32
	services atomic.Uint32
}

// nextPod is an address in 10.224.0.0/11, apart from the addresses of services.
func (a *addresses) nextPod() string {
	n := a.pods.Add(1)
	return netip.AddrFrom4([4]byte{10, 224 | byte(n>>16)&31, byte(n >> 8), byte(n)}).String()
}

// nextService is an address of 192.0.2.0/24 (RFC 5737); the 255th load balancer shares that of the first.
func (a *addresses) nextService() string {
	n := (a.services.Add(1) - 1) % 254
	return netip.AddrFrom4([4]byte{192, 0, 2, byte(n + 1)}).String()
}
