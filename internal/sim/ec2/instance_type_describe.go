package ec2

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DescribeInstanceTypes lists the instance types that the region offers, by name.
func DescribeInstanceTypes(c *world.Call, in *ec2.DescribeInstanceTypesInput) (*ec2.DescribeInstanceTypesOutput, error) {
	names := instanceTypes().names
	if len(in.InstanceTypes) > 0 {
		names = nil
		for _, n := range in.InstanceTypes {
			names = append(names, string(n))
		}
	}
	rows, err := typeRows(names)
	if err != nil {
		return nil, err
	}
	found, err := listing.Sift(slices.Values(rows), in.Filters, typeFields(), func(*InstanceType) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	found, next, err := listing.Page(found, listing.Paging{
		Max: in.MaxResults, Token: in.NextToken, IDs: len(in.InstanceTypes) > 0, Most: 100, Usual: 100,
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeInstanceTypesOutput{NextToken: next, InstanceTypes: listing.Each(found, typeOut)}, nil
}

func typeRows(names []string) ([]*InstanceType, error) {
	var rows []*InstanceType
	var unknown []string
	for _, n := range names {
		if t, ok := FindInstanceType(n); ok {
			rows = append(rows, &t)
		} else {
			unknown = append(unknown, n)
		}
	}
	if len(unknown) > 0 {
		return nil, wire.Errorf("InvalidInstanceType",
			"The following supplied instance types do not exist: [%s]", strings.Join(unknown, ", "))
	}
	return rows, nil
}

func typeFields() listing.Fields[InstanceType] {
	return listing.Fields[InstanceType]{
		"auto-recovery-supported":                      func(*InstanceType) []string { return listing.Yes(true) },
		"bare-metal":                                   func(*InstanceType) []string { return listing.Yes(false) },
		"burstable-performance-supported":              func(t *InstanceType) []string { return listing.Yes(t.Burstable) },
		"current-generation":                           func(*InstanceType) []string { return listing.Yes(true) },
		"ebs-info.ebs-optimized-support":               func(t *InstanceType) []string { return listing.One(t.ebsOptimized()) },
		"ebs-info.encryption-support":                  func(*InstanceType) []string { return listing.One(types.EbsEncryptionSupportSupported) },
		"ebs-info.nvme-support":                        func(t *InstanceType) []string { return listing.One(t.nvme()) },
		"free-tier-eligible":                           func(t *InstanceType) []string { return listing.Yes(t.freeTier()) },
		"hypervisor":                                   func(t *InstanceType) []string { return listing.One(t.hypervisor()) },
		"instance-storage-supported":                   func(t *InstanceType) []string { return listing.Yes(t.Disk) },
		"instance-type":                                func(t *InstanceType) []string { return listing.One(t.Name) },
		"memory-info.size-in-mib":                      func(t *InstanceType) []string { return listing.Number(t.MemoryMiB) },
		"network-info.ena-support":                     func(t *InstanceType) []string { return listing.One(t.ena()) },
		"network-info.ipv4-addresses-per-interface":    func(t *InstanceType) []string { return listing.Number(t.AddressesEach) },
		"network-info.maximum-network-interfaces":      func(t *InstanceType) []string { return listing.Number(t.Interfaces) },
		"processor-info.supported-architecture":        func(t *InstanceType) []string { return t.architectures() },
		"supported-root-device-type":                   func(*InstanceType) []string { return listing.One(types.RootDeviceTypeEbs) },
		"supported-usage-class":                        func(*InstanceType) []string { return []string{"on-demand", "spot"} },
		"supported-virtualization-type":                func(*InstanceType) []string { return listing.One(types.VirtualizationTypeHvm) },
		"vcpu-info.default-cores":                      func(t *InstanceType) []string { return listing.Number(t.cores()) },
		"vcpu-info.default-threads-per-core":           func(t *InstanceType) []string { return listing.Number(t.threads) },
		"vcpu-info.default-vcpus":                      func(t *InstanceType) []string { return listing.Number(t.VCPUs) },
		"network-info.ipv6-supported":                  func(*InstanceType) []string { return listing.Yes(true) },
		"network-info.encryption-in-transit-supported": func(t *InstanceType) []string { return listing.Yes(!t.Xen) },
		"dedicated-hosts-supported":                    func(t *InstanceType) []string { return listing.Yes(!t.Burstable) },
		"hibernation-supported":                        func(t *InstanceType) []string { return listing.Yes(t.hibernates()) },
		"processor-info.sustained-clock-speed-in-ghz":  func(*InstanceType) []string { return nil },
		"network-info.efa-supported":                   func(*InstanceType) []string { return nil },
		"supported-boot-mode": func(t *InstanceType) []string {
			return listing.Gather(t.bootModes(), func(m types.BootModeType) string { return string(m) })
		},
		"nitro-enclaves-support": func(*InstanceType) []string { return nil },
	}
}

// cores is never 0, so that an unknown type (of which filters' names are checked) divides too.
func (t InstanceType) cores() int { return t.VCPUs / max(t.threads, 1) }

func (t InstanceType) freeTier() bool {
	return slices.Contains([]string{"t2.micro", "t3.micro", "t3.small", "t4g.micro", "t4g.small", "c7i-flex.large", "m7i-flex.large"}, t.Name)
}

func (t InstanceType) hibernates() bool {
	return t.Architecture == "x86_64" && t.Accelerators == 0 && t.MemoryMiB <= 150*1024
}

func (t InstanceType) hypervisor() types.InstanceTypeHypervisor {
	if t.Xen {
		return types.InstanceTypeHypervisorXen
	}
	return types.InstanceTypeHypervisorNitro
}

func (t InstanceType) ebsOptimized() types.EbsOptimizedSupport {
	if t.Family == "t2" {
		return types.EbsOptimizedSupportUnsupported
	}
	return types.EbsOptimizedSupportDefault
}

func (t InstanceType) nvme() types.EbsNvmeSupport {
	if t.Xen {
		return types.EbsNvmeSupportUnsupported
	}
	return types.EbsNvmeSupportRequired
}

func (t InstanceType) ena() types.EnaSupport {
	switch {
	case t.Family == "t2" || t.Family == "c4" || (t.Family == "m4" && t.Size != "16xlarge"):
		return types.EnaSupportUnsupported
	case t.Xen:
		return types.EnaSupportSupported
	default:
		return types.EnaSupportRequired
	}
}

func (t InstanceType) bootModes() []types.BootModeType {
	switch {
	case t.Architecture == "arm64":
		return []types.BootModeType{types.BootModeTypeUefi}
	case t.Xen:
		return []types.BootModeType{types.BootModeTypeLegacyBios}
	default:
		return []types.BootModeType{types.BootModeTypeLegacyBios, types.BootModeTypeUefi}
	}
}

func typeOut(t *InstanceType) types.InstanceTypeInfo {
	v := types.InstanceTypeInfo{
		InstanceType: types.InstanceType(t.Name), CurrentGeneration: aws.Bool(true), FreeTierEligible: aws.Bool(t.freeTier()),
		BareMetal: aws.Bool(false), Hypervisor: t.hypervisor(), BurstablePerformanceSupported: aws.Bool(t.Burstable),
		AutoRecoverySupported: aws.Bool(true), DedicatedHostsSupported: aws.Bool(!t.Burstable),
		HibernationSupported: aws.Bool(t.hibernates()), InstanceStorageSupported: aws.Bool(t.Disk),
		SupportedBootModes: t.bootModes(), SupportedRootDeviceTypes: []types.RootDeviceType{types.RootDeviceTypeEbs},
		SupportedUsageClasses:        []types.UsageClassType{types.UsageClassTypeOnDemand, types.UsageClassTypeSpot},
		SupportedVirtualizationTypes: []types.VirtualizationType{types.VirtualizationTypeHvm},
		MemoryInfo:                   &types.MemoryInfo{SizeInMiB: aws.Int64(int64(t.MemoryMiB))},
		VCpuInfo: &types.VCpuInfo{
			DefaultVCpus: aws.Int32(int32(t.VCPUs)), DefaultCores: aws.Int32(int32(t.cores())),
			DefaultThreadsPerCore: aws.Int32(int32(t.threads)),
		},
		ProcessorInfo: &types.ProcessorInfo{Manufacturer: aws.String(t.maker)},
		PlacementGroupInfo: &types.PlacementGroupInfo{SupportedStrategies: []types.PlacementGroupStrategy{
			types.PlacementGroupStrategyPartition, types.PlacementGroupStrategySpread,
		}},
		EbsInfo: &types.EbsInfo{
			EbsOptimizedSupport: t.ebsOptimized(), EncryptionSupport: types.EbsEncryptionSupportSupported, NvmeSupport: t.nvme(),
		},
		NetworkInfo: t.network(),
	}
	for _, a := range t.architectures() {
		v.ProcessorInfo.SupportedArchitectures = append(v.ProcessorInfo.SupportedArchitectures, types.ArchitectureType(a))
	}
	t.accelerate(&v)
	return v
}

func (t InstanceType) network() *types.NetworkInfo {
	n := aws.Int32(int32(t.Interfaces))
	return &types.NetworkInfo{
		MaximumNetworkInterfaces: n, Ipv4AddressesPerInterface: aws.Int32(int32(t.AddressesEach)),
		Ipv6AddressesPerInterface: aws.Int32(int32(t.AddressesEach)), Ipv6Supported: aws.Bool(true),
		EnaSupport: t.ena(), EncryptionInTransitSupported: aws.Bool(!t.Xen),
		MaximumNetworkCards: aws.Int32(1), DefaultNetworkCardIndex: aws.Int32(0),
		NetworkCards: []types.NetworkCardInfo{{NetworkCardIndex: aws.Int32(0), MaximumNetworkInterfaces: n}},
	}
}

// accelerate adds what the type's GPUs or Neuron chips are.
func (t InstanceType) accelerate(v *types.InstanceTypeInfo) {
	if t.Accelerators == 0 {
		return
	}
	a, n := accelerators(t.Family), aws.Int32(int32(t.Accelerators))
	total, memory := aws.Int32(int32(t.Accelerators*a.memoryMiB)), aws.Int32(int32(a.memoryMiB))
	if a.gpu {
		v.GpuInfo = &types.GpuInfo{TotalGpuMemoryInMiB: total, Gpus: []types.GpuDeviceInfo{{
			Name: aws.String(a.name), Manufacturer: aws.String(a.maker), Count: n,
			MemoryInfo: &types.GpuDeviceMemoryInfo{SizeInMiB: memory},
		}}}
		return
	}
	v.NeuronInfo = &types.NeuronInfo{TotalNeuronDeviceMemoryInMiB: total, NeuronDevices: []types.NeuronDeviceInfo{{
		Name: aws.String(a.name), Count: n, MemoryInfo: &types.NeuronDeviceMemoryInfo{SizeInMiB: memory},
	}}}
}

// DescribeInstanceTypeOfferings lists which types are to be had where; by default in the region as a whole.
func DescribeInstanceTypeOfferings(c *world.Call, in *ec2.DescribeInstanceTypeOfferingsInput) (*ec2.DescribeInstanceTypeOfferingsOutput, error) {
	rows, err := offerings(c.Region, in.LocationType)
	if err != nil {
		return nil, err
	}
	known := listing.Fields[types.InstanceTypeOffering]{
		"instance-type": func(o *types.InstanceTypeOffering) []string { return listing.One(o.InstanceType) },
		"location":      func(o *types.InstanceTypeOffering) []string { return listing.One(aws.ToString(o.Location)) },
	}
	rows, err = listing.Sift(slices.Values(rows), in.Filters, known, func(*types.InstanceTypeOffering) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Usual: 1000})
	if err != nil {
		return nil, err
	}
	same := func(o *types.InstanceTypeOffering) types.InstanceTypeOffering { return *o }
	return &ec2.DescribeInstanceTypeOfferingsOutput{NextToken: next, InstanceTypeOfferings: listing.Each(rows, same)}, nil
}

func offerings(r *world.Region, by types.LocationType) ([]*types.InstanceTypeOffering, error) {
	if by == "" {
		by = types.LocationTypeRegion
	}
	if !slices.Contains(by.Values(), by) {
		return nil, listing.Invalid("Value (%s) for parameter LocationType is invalid.", by)
	}
	var rows []*types.InstanceTypeOffering
	for _, name := range instanceTypes().names {
		t, _ := FindInstanceType(name)
		for _, place := range t.places(r, by) {
			rows = append(rows, &types.InstanceTypeOffering{
				InstanceType: types.InstanceType(name), Location: aws.String(place), LocationType: by,
			})
		}
	}
	return rows, nil
}

// places are where the type is to be had, in the words of a location type; there are no outposts.
func (t InstanceType) places(r *world.Region, by types.LocationType) []string {
	switch by {
	case types.LocationTypeRegion:
		return []string{r.Name}
	case types.LocationTypeAvailabilityZone:
		return t.zonesWith(r.Name)
	case types.LocationTypeAvailabilityZoneId:
		return listing.Gather(t.zonesWith(r.Name), func(zone string) string { return aws.ToString(network.ZoneID(r, zone)) })
	default:
		return nil
	}
}
