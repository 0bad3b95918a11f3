package probe

import (
	"strings"

	"berth/internal/sim/world"
)

// Admitted tells whether security groups let the visit in.
func (v Visit) Admitted(r *world.Region) bool { return v.admitted(r) }

// Program is the program that the visit would meet if it were let in; false when nothing listens, or when the host does not
// run or is cut off.
func (v Visit) Program(r *world.Region) (world.Answer, bool) {
	host := v.Host
	if i, ok := r.EC2.Interfaces.Get(v.Interface); ok && i.InstanceID != "" {
		host = i.InstanceID
	}
	i, known := r.EC2.Instances.Get(host)
	if !known && strings.HasPrefix(host, "i-") || known && (i.State != world.InstanceRunning || i.Unreachable) {
		return world.Answer{}, false
	}
	a, ok := r.Balancing.Answers.Get(Key(v.Host, v.Port))
	if !ok {
		return world.Answer{}, false
	}
	return *a, true
}
