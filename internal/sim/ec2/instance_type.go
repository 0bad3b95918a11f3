package ec2

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// InstanceType is what the simulated EC2 knows of one instance type.
type InstanceType struct {
	Name, Family, Size   string
	Architecture         string // x86_64 or arm64
	VCPUs, MemoryMiB     int
	Interfaces           int // network interfaces at most, the primary one included
	AddressesEach        int // IPv4 addresses per interface
	Accelerators         int // GPUs or Neuron chips
	Burstable, Xen, Disk bool
	maker                string
	threads              int // per core
}

// GPUs is the number of GPUs that ECS offers as a resource: NVIDIA's. Neuron chips are not GPUs, and AMD's have no drivers.
func (t InstanceType) GPUs() int {
	if a := accelerators(t.Family); a.gpu && a.maker == "NVIDIA" {
		return t.Accelerators
	}
	return 0
}

// typeTable is the parsed table: by name, and in the order in which EC2 lists them.
type typeTable struct {
	byName map[string]InstanceType
	names  []string
}

var instanceTypes = sync.OnceValue(readTypes) //nolint:gochecknoglobals // a table, parsed on first use

// FindInstanceType looks an instance type up by its name.
func FindInstanceType(name string) (InstanceType, bool) {
	t, ok := instanceTypes().byName[name]
	return t, ok
}

func readTypes() typeTable {
	sizes := map[string]InstanceType{}
	for line := range strings.Lines(strings.TrimSpace(standardSizes)) {
		var t InstanceType
		scan(line, "%s %d %d/%d", &t.Size, &t.VCPUs, &t.Interfaces, &t.AddressesEach)
		sizes[t.Size] = t
	}
	out := typeTable{byName: map[string]InstanceType{}}
	for line := range strings.Lines(strings.TrimSpace(instanceFamilies)) {
		f := strings.Fields(line)
		for _, size := range f[5:] {
			t := readType(f, size, sizes)
			out.byName[t.Name] = t
			out.names = append(out.names, t.Name)
		}
	}
	slices.Sort(out.names)
	return out
}

// readType makes one type of a family's columns and one of its sizes.
func readType(family []string, size string, standard map[string]InstanceType) InstanceType {
	size, count, _ := strings.Cut(size, "*")
	size, network, special := strings.Cut(size, "@")
	size, shape, odd := strings.Cut(size, ":")
	t := standard[size]
	t.Family, t.Size, t.Architecture, t.maker = family[0], size, family[1], family[3]
	t.Name = t.Family + "." + size
	t.Burstable = strings.Contains(family[4], "b")
	t.Disk = strings.Contains(family[4], "d")
	t.Xen = strings.Contains(family[4], "x")
	var perCPU int
	scan(family[2], "%d", &perCPU)
	t.MemoryMiB = t.VCPUs * perCPU
	if odd {
		scan(shape, "%d,%d", &t.VCPUs, &t.MemoryMiB)
	}
	if special {
		scan(network, "%d/%d", &t.Interfaces, &t.AddressesEach)
	}
	if count != "" {
		scan(count, "%d", &t.Accelerators)
	}
	t.threads = 2
	if t.Architecture == "arm64" || t.VCPUs == 1 || strings.Contains(family[4], "s") {
		t.threads = 1
	}
	return t
}

// scan reads a cell of the tables above; a cell that does not read is a mistake in this file, which a test finds.
func scan(cell, format string, into ...any) {
	if _, err := fmt.Sscanf(cell, format, into...); err != nil {
		panic("ec2: instance types: " + strconv.Quote(cell) + ": " + err.Error())
	}
}

// architectures are those that an image for the type may have.
func (t InstanceType) architectures() []string {
	if t.Family == "t2" {
		return []string{"i386", "x86_64"}
	}
	return []string{t.Architecture}
}

// OfferedIn tells whether a zone of a region has the type. us-east-1e has old families only; accelerated and rare ones
// are missing from one zone of every region.
func (t InstanceType) OfferedIn(region, zone string) bool {
	if zone == "us-east-1e" {
		return slices.Contains([]string{"t2", "m4", "c4", "r4", "i3", "p3"}, t.Family)
	}
	if t.Accelerators == 0 && !slices.Contains([]string{"a1", "d3", "x2gd", "i4g", "m8i", "c8i", "r8i"}, t.Family) {
		return true
	}
	zones := zoneNames(region)
	return zone != zones[sumOf(region+t.Family)%len(zones)]
}

// zonesWith are the zones of a region that have the type.
func (t InstanceType) zonesWith(region string) []string {
	return slices.DeleteFunc(zoneNames(region), func(zone string) bool { return !t.OfferedIn(region, zone) })
}

// sumOf is a small number that depends on the text alone.
func sumOf(text string) int {
	n, _ := strconv.ParseInt(digits(text, 6), 16, 32) // hex digits always parse
	return int(n)
}

// findType looks a type up for a launch.
func findType(name string) (InstanceType, error) {
	if t, ok := FindInstanceType(name); ok {
		return t, nil
	}
	return InstanceType{}, listing.Invalid("Invalid value '%s' for InstanceType.", name)
}

// quotaCode is the Service Quotas code that bounds the vCPUs in use of the type's class (EC2 user guide, "On-Demand
// Instance quotas", "Spot Instance quotas").
func (t InstanceType) quotaCode(spot bool) string {
	demand, cheap := "L-1216C47A", "L-34B43A08"
	switch {
	case strings.HasPrefix(t.Family, "inf"):
		demand, cheap = "L-1945791B", "L-B5D1601B"
	case strings.HasPrefix(t.Family, "trn"):
		demand, cheap = "L-2C3B7624", "L-6B0D517C"
	case strings.HasPrefix(t.Family, "g"):
		demand, cheap = "L-DB2E81BA", "L-3819A6DF"
	case strings.HasPrefix(t.Family, "p"):
		demand, cheap = "L-417A185B", "L-7212CCBC"
	case strings.HasPrefix(t.Family, "x"):
		demand, cheap = "L-7295265B", "L-E3A00192"
	}
	if spot {
		return cheap
	}
	return demand
}

// usualVCPUs is the simulator's own setting for classes of instances whose quota nobody listed: that of an account in
// use; a new account has 0 to 5.
const usualVCPUs = 1152

// vcpuQuota is how many vCPUs of a class may be in use.
func vcpuQuota(r *world.Region, code string) int {
	if n := r.Quota(code); n > 0 {
		return n
	}
	if n, raised := r.Quotas[code]; raised {
		return n
	}
	return usualVCPUs
}

// checkVCPUs refuses a launch that would exceed the quota.
func checkVCPUs(r *world.Region, code string, more int) error {
	limit := vcpuQuota(r, code)
	if r.EC2.VCPUs[code]+more <= limit {
		return nil
	}
	return wire.Errorf("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %d "+
		"allows for the instance bucket that the specified instance type belongs to. "+
		"Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", limit)
}

// useVCPUs counts vCPUs that come into use, or with a negative count go out of it.
func useVCPUs(r *world.Region, code string, more int) {
	if r.EC2.VCPUs == nil {
		r.EC2.VCPUs = map[string]int{}
	}
	r.EC2.VCPUs[code] += more
}

// zoneNames are the names of a region's zones.
func zoneNames(region string) []string {
	return listing.Gather(network.Zones(region), func(z network.Zone) string { return z.Name })
}
