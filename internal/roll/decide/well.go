package decide

import (
	"berth/internal/roll"
)

// baseline is how the services are before anything is touched.
func (x *mind) baseline() {
	x.M.Services = nil
	for n := range x.Services {
		s := &x.Services[n]
		if s.Status != roll.NodeActive {
			continue
		}
		x.M.Services = append(x.M.Services, roll.Baseline{
			Name: s.Name, Desired: s.Desired, Running: s.Running, Healthy: s.Healthy, Failed: s.Primary().Rollout == "FAILED", Lowest: s.Healthy,
		})
	}
}
