package probe

import (
	"strings"

	"berth/internal/sim/world"
)

// Admitted tells whether security groups let the visit in.
func (v Visit) Admitted(r *world.Region) bool { return v.admitted(r) }

// Down tells whether the host, or the instance that has its address, does not run or is cut off.
func (v Visit) Down(r *world.Region) bool {
	host := v.Host
	if i, ok := r.EC2.Interfaces.Get(v.Interface); ok && i.InstanceID != "" {
		host = i.InstanceID
	}
	i, known := r.EC2.Instances.Get(host)
	return !known && strings.HasPrefix(host, "i-") || known && (i.State != world.InstanceRunning || i.Unreachable)
}

// Program is the program that the visit would meet if it were let in; false when nothing listens, or the host is down.
func (v Visit) Program(r *world.Region) (world.Answer, bool) {
	a, ok := r.Balancing.Answers.Get(Key(v.Host, v.Port))
	if !ok || v.Down(r) {
		return world.Answer{}, false
	}
	return *a, true
}
