package reason

import "berth/internal/placement"

// Lack is the code of a thing that instances lack.
func Lack(what string) string {
	switch what {
	case placement.CPU:
		return LackCPU
	case placement.Memory:
		return LackMemory
	case placement.GPU:
		return LackGPU
	case placement.Port, placement.UDPPort, placement.Ports:
		return LackPort
	case placement.ENI:
		return LackInterface
	case placement.Attribute:
		return LackAttribute
	case placement.Expression, placement.Distinct:
		return LackConstraint
	case placement.Zone:
		return LackZone
	case placement.Agent, placement.NotJoined, placement.Draining:
		return LackAgent
	case placement.Capacity:
		return NoInstances
	}
	return LackRoom
}
