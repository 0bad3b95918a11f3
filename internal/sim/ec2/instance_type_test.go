package ec2

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/network"
)

// Figures of AWS's instance type pages: vCPUs, MiB, interfaces/addresses, architecture.
func TestWellKnownTypesHaveAWSsFigures(t *testing.T) {
	for name, want := range map[string]string{
		"t2.micro":         "1 1024 2/2 x86_64",
		"t2.medium":        "2 4096 3/6 x86_64",
		"t3.nano":          "2 512 2/2 x86_64",
		"t3.micro":         "2 1024 2/2 x86_64",
		"t3.small":         "2 2048 3/4 x86_64",
		"t3.medium":        "2 4096 3/6 x86_64",
		"t3.large":         "2 8192 3/12 x86_64",
		"t3.2xlarge":       "8 32768 4/15 x86_64",
		"t3a.small":        "2 2048 2/4 x86_64",
		"t4g.medium":       "2 4096 3/6 arm64",
		"m4.large":         "2 8192 2/10 x86_64",
		"m4.10xlarge":      "40 163840 8/30 x86_64",
		"m5.large":         "2 8192 3/10 x86_64",
		"m5.xlarge":        "4 16384 4/15 x86_64",
		"m5.24xlarge":      "96 393216 15/50 x86_64",
		"m6g.medium":       "1 4096 2/4 arm64",
		"m7i.large":        "2 8192 3/10 x86_64",
		"m7i-flex.2xlarge": "8 32768 4/15 x86_64",
		"m7a.medium":       "1 4096 2/4 x86_64",
		"m8g.48xlarge":     "192 786432 15/50 arm64",
		"c4.large":         "2 3840 3/10 x86_64",
		"c4.8xlarge":       "36 61440 8/30 x86_64",
		"c5.9xlarge":       "36 73728 8/30 x86_64",
		"c5.18xlarge":      "72 147456 15/50 x86_64",
		"c7g.large":        "2 4096 3/10 arm64",
		"r5.large":         "2 16384 3/10 x86_64",
		"r7i.16xlarge":     "64 524288 15/50 x86_64",
		"i3.large":         "2 15616 3/10 x86_64",
		"x2gd.medium":      "1 16384 2/4 arm64",
		"g4dn.xlarge":      "4 16384 3/10 x86_64",
		"p3.2xlarge":       "8 62464 4/15 x86_64",
		"p4d.24xlarge":     "96 1179648 15/50 x86_64",
		"inf1.xlarge":      "4 8192 4/10 x86_64",
		"trn1.32xlarge":    "128 524288 5/50 x86_64",
	} {
		i, ok := FindInstanceType(name)
		got := fmt.Sprintf("%d %d %d/%d %s", i.VCPUs, i.MemoryMiB, i.Interfaces, i.AddressesEach, i.Architecture)
		if !ok || got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for name, gpus := range map[string]int{"g4dn.12xlarge": 4, "g5.48xlarge": 8, "p3.16xlarge": 8, "p4d.24xlarge": 8, "inf1.xlarge": 0, "m5.large": 0} {
		i, _ := FindInstanceType(name)
		same(t, name, i.GPUs(), gpus)
	}
}

func TestEveryTypeIsWhole(t *testing.T) {
	names := instanceTypes().names
	if len(names) < 400 || !slices.IsSorted(names) {
		t.Fatalf("%d types", len(names))
	}
	for _, name := range names {
		i, ok := FindInstanceType(name)
		if !ok || i.Name != name || i.VCPUs < 1 || i.MemoryMiB < 512 || i.Interfaces < 2 || i.AddressesEach < 2 || i.maker == "" {
			t.Errorf("%s: %+v", name, i)
		}
		if (i.Architecture == "arm64") != (i.maker == "AWS") || (i.Accelerators > 0) != (accelerators(i.Family).name != "") {
			t.Errorf("%s: %+v", name, i)
		}
		if len(i.zonesWith("eu-west-1")) < 2 {
			t.Errorf("%s is to be had in %v only", name, i.zonesWith("eu-west-1"))
		}
	}
}

func describeTypes(s *site, in *ec2.DescribeInstanceTypesInput) []types.InstanceTypeInfo {
	s.t.Helper()
	return do(s, DescribeInstanceTypes, in).InstanceTypes
}

func TestTypesAreDescribed(t *testing.T) {
	s := newSite(t, "eu-west-1")
	type input = ec2.DescribeInstanceTypesInput
	m5 := describeTypes(s, &input{InstanceTypes: []types.InstanceType{"m5.large"}})[0]
	same(t, "vCPUs", *m5.VCpuInfo.DefaultVCpus, 2)
	same(t, "cores", *m5.VCpuInfo.DefaultCores, 1)
	same(t, "memory", *m5.MemoryInfo.SizeInMiB, 8192)
	same(t, "interfaces", *m5.NetworkInfo.MaximumNetworkInterfaces, 3)
	same(t, "hypervisor", m5.Hypervisor, types.InstanceTypeHypervisorNitro)
	same(t, "optimized", m5.EbsInfo.EbsOptimizedSupport, types.EbsOptimizedSupportDefault)
	gpu := describeTypes(s, &input{InstanceTypes: []types.InstanceType{"g4dn.12xlarge"}})[0].GpuInfo
	same(t, "GPU", fmt.Sprint(*gpu.Gpus[0].Name, *gpu.Gpus[0].Count), "T44")
	same(t, "page", len(describeTypes(s, &input{})), 100)
	small := describeTypes(s, &input{Filters: slices.Concat(
		filter("processor-info.supported-architecture", "arm64"), filter("vcpu-info.default-vcpus", "2"), filter("memory-info.size-in-mib", "4096"),
		filter("burstable-performance-supported", "false"),
	)})
	for _, i := range small {
		if !strings.HasSuffix(string(i.InstanceType), ".large") {
			t.Errorf("%s", i.InstanceType)
		}
	}
	same(t, "small ones", len(small), 7) // a1 c6g c6gd c6gn c7g c7gn c8g
	text := refused(s, DescribeInstanceTypes, &input{InstanceTypes: []types.InstanceType{"m5.large", "m5.huge"}}, "InvalidInstanceType")
	same(t, "text", text, "The following supplied instance types do not exist: [m5.huge]")
	refused(s, DescribeInstanceTypes, &input{Filters: filter("x", "y")}, "InvalidParameterValue")
	refused(s, DescribeInstanceTypes, &input{MaxResults: aws.Int32(101)}, "InvalidParameterValue")
}

func offered(s *site, name string, by types.LocationType) []string {
	s.t.Helper()
	var out []string
	for _, o := range do(s, DescribeInstanceTypeOfferings, &ec2.DescribeInstanceTypeOfferingsInput{
		LocationType: by, Filters: filter("instance-type", name),
	}).InstanceTypeOfferings {
		out = append(out, *o.Location)
	}
	return out
}

func TestOfferingsDifferByZone(t *testing.T) {
	s := newSite(t, "us-east-1")
	same(t, "t3 in us-east-1", strings.Join(offered(s, "t3.micro", "availability-zone"), " "),
		"us-east-1a us-east-1b us-east-1c us-east-1d us-east-1f")
	same(t, "t2 in us-east-1", len(offered(s, "t2.micro", "availability-zone")), 6)
	same(t, "region", strings.Join(offered(s, "t3.micro", ""), " "), "us-east-1")
	same(t, "zone ids", offered(s, "m5.large", "availability-zone-id")[0], *network.ZoneID(s.Region, "us-east-1a"))
	same(t, "outposts", len(offered(s, "m5.large", "outpost")), 0)
	here := do(s, DescribeInstanceTypeOfferings, &ec2.DescribeInstanceTypeOfferingsInput{
		LocationType: "availability-zone", Filters: slices.Concat(filter("location", "us-east-1e"), filter("instance-type", "m*.large")),
	}).InstanceTypeOfferings
	same(t, "in us-east-1e", len(here), 1)
	refused(s, DescribeInstanceTypeOfferings, &ec2.DescribeInstanceTypeOfferingsInput{LocationType: "planet"}, "InvalidParameterValue")
	west := newSite(t, "eu-west-1")
	same(t, "p4d in eu-west-1", len(offered(west, "p4d.24xlarge", "availability-zone")), 2)
	for _, name := range []string{"t2.micro", "t3.micro", "m7i.large", "c7g.large", "c6g.large"} {
		same(t, name, len(offered(west, name, "availability-zone")), 3)
	}
}

func TestQuotaDependsOnClassAndMarket(t *testing.T) {
	for name, want := range map[string]string{
		"t3.micro": "L-1216C47A L-34B43A08", "inf1.xlarge": "L-1945791B L-B5D1601B", "i3.large": "L-1216C47A L-34B43A08",
		"g5.xlarge": "L-DB2E81BA L-3819A6DF", "p3.2xlarge": "L-417A185B L-7212CCBC", "trn1.2xlarge": "L-2C3B7624 L-6B0D517C",
		"x2gd.large": "L-7295265B L-E3A00192", "d3.xlarge": "L-1216C47A L-34B43A08",
	} {
		i, _ := FindInstanceType(name)
		same(t, name, i.quotaCode(false)+" "+i.quotaCode(true), want)
	}
	s := newSite(t, "eu-west-1")
	same(t, "standard", vcpuQuota(s.Region, "L-1216C47A"), 1152)
	same(t, "GPUs", vcpuQuota(s.Region, "L-DB2E81BA"), 1152)
	s.Region.Quotas = map[string]int{"L-DB2E81BA": 0}
	same(t, "none granted", vcpuQuota(s.Region, "L-DB2E81BA"), 0)
}
