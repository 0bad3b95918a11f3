package network

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// Zone is an availability zone: its name in this account and the id that all accounts share.
type Zone struct{ Name, ID string }

// geography is what AWS publishes of one region: zone letters and, in the same order, the last digits of their ids.
type geography struct {
	region, short, letters, digits string
	optIn                          bool // the account had to ask for the region; the simulated one has
}

// geographies are the commercial regions (AWS Regions and Availability Zones guide). Which letter has which id differs
// by account; these are this account's.
//
//nolint:gochecknoglobals // a table
var geographies = []geography{
	{"af-south-1", "afs1", "abc", "123", true},
	{"ap-east-1", "ape1", "abc", "123", true},
	{"ap-east-2", "ape2", "abc", "123", true},
	{"ap-northeast-1", "apne1", "acd", "412", false},
	{"ap-northeast-2", "apne2", "abcd", "1234", false},
	{"ap-northeast-3", "apne3", "abc", "312", false},
	{"ap-south-1", "aps1", "abc", "132", false},
	{"ap-south-2", "aps2", "abc", "123", true},
	{"ap-southeast-1", "apse1", "abc", "123", false},
	{"ap-southeast-2", "apse2", "abc", "312", false},
	{"ap-southeast-3", "apse3", "abc", "123", true},
	{"ap-southeast-4", "apse4", "abc", "123", true},
	{"ap-southeast-5", "apse5", "abc", "123", true},
	{"ap-southeast-6", "apse6", "abc", "123", true},
	{"ap-southeast-7", "apse7", "abc", "123", true},
	{"ca-central-1", "cac1", "abd", "124", false},
	{"ca-west-1", "caw1", "abc", "123", true},
	{"eu-central-1", "euc1", "abc", "231", false},
	{"eu-central-2", "euc2", "abc", "123", true},
	{"eu-north-1", "eun1", "abc", "123", false},
	{"eu-south-1", "eus1", "abc", "123", true},
	{"eu-south-2", "eus2", "abc", "123", true},
	{"eu-west-1", "euw1", "abc", "123", false},
	{"eu-west-2", "euw2", "abc", "231", false},
	{"eu-west-3", "euw3", "abc", "123", false},
	{"il-central-1", "ilc1", "abc", "123", true},
	{"me-central-1", "mec1", "abc", "123", true},
	{"me-south-1", "mes1", "abc", "123", true},
	{"mx-central-1", "mxc1", "abc", "123", true},
	{"sa-east-1", "sae1", "abc", "123", false},
	{"us-east-1", "use1", "abcdef", "123456", false},
	{"us-east-2", "use2", "abc", "123", false},
	{"us-west-1", "usw1", "ac", "13", false},
	{"us-west-2", "usw2", "abcd", "1234", false},
}

// geographyOf finds a region; one that AWS has not published gets three zones.
func geographyOf(region string) geography {
	for _, g := range geographies {
		if g.region == region {
			return g
		}
	}
	return geography{region: region, short: strings.ReplaceAll(region, "-", ""), letters: "abc", digits: "123"}
}

// Zones are the availability zones of a region, in order of name.
func Zones(region string) []Zone {
	g := geographyOf(region)
	out := make([]Zone, 0, len(g.letters))
	for i := range g.letters {
		out = append(out, Zone{Name: region + g.letters[i:i+1], ID: g.short + "-az" + g.digits[i:i+1]})
	}
	return out
}

// zoneFor finds the zone that a call names by name or by id; neither: the region's first.
func zoneFor(region string, name, id *string) (Zone, error) {
	zones := Zones(region)
	if name == nil && id == nil {
		return zones[0], nil
	}
	names := make([]string, 0, len(zones))
	for _, z := range zones {
		if name != nil && z.Name == *name || name == nil && z.ID == *id {
			return z, nil
		}
		names = append(names, z.Name)
	}
	parameter, value := "availabilityZone", cmp.Or(name, id)
	if name == nil {
		parameter = "availabilityZoneId"
	}
	return Zone{}, listing.Invalid("Value (%s) for parameter %s is invalid. Subnets can currently only be created in the following availability zones: %s.",
		*value, parameter, strings.Join(names, ", "))
}

// DescribeAvailabilityZones lists the region's zones, all of them available. Local and Wavelength Zones do not exist.
func DescribeAvailabilityZones(c *world.Call, in *ec2.DescribeAvailabilityZonesInput) (*ec2.DescribeAvailabilityZonesOutput, error) {
	region := c.Region.Name
	zones := Zones(region)
	for _, name := range in.ZoneNames {
		if !slices.ContainsFunc(zones, func(z Zone) bool { return z.Name == name }) {
			return nil, listing.Invalid("Invalid availability zone: [%s]", name)
		}
	}
	for _, id := range in.ZoneIds {
		if !slices.ContainsFunc(zones, func(z Zone) bool { return z.ID == id }) {
			return nil, listing.Invalid("Invalid availability zone-id: [%s]", id)
		}
	}
	var rows []*Zone
	for _, z := range zones {
		byName := len(in.ZoneNames) == 0 || slices.Contains(in.ZoneNames, z.Name)
		byID := len(in.ZoneIds) == 0 || slices.Contains(in.ZoneIds, z.ID)
		if byName && byID {
			rows = append(rows, &z)
		}
	}
	rows, err := listing.Sift(slices.Values(rows), in.Filters, zoneFields(region), func(*Zone) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeAvailabilityZonesOutput{}
	for _, z := range rows {
		out.AvailabilityZones = append(out.AvailabilityZones, types.AvailabilityZone{
			ZoneName: aws.String(z.Name), ZoneId: aws.String(z.ID), ZoneType: aws.String("availability-zone"),
			RegionName: aws.String(region), GroupName: aws.String(zoneGroup(region)), NetworkBorderGroup: aws.String(region),
			OptInStatus: types.AvailabilityZoneOptInStatusOptInNotRequired, State: types.AvailabilityZoneStateAvailable,
			Messages: []types.AvailabilityZoneMessage{},
		})
	}
	return out, nil
}

// zoneGroup is the name of the group of all zones of a region.
func zoneGroup(region string) string { return region + "-zg-1" }

func zoneFields(region string) listing.Fields[Zone] {
	fixed := func(v string) func(*Zone) []string { return func(*Zone) []string { return []string{v} } }
	none := func(*Zone) []string { return nil }
	return listing.Fields[Zone]{
		"group-name":       fixed(zoneGroup(region)),
		"group-long-name":  none,
		"message":          none,
		"opt-in-status":    fixed("opt-in-not-required"),
		"parent-zone-id":   none,
		"parent-zone-name": none,
		"region-name":      fixed(region),
		"state":            fixed("available"),
		"zone-id":          func(z *Zone) []string { return listing.One(z.ID) },
		"zone-name":        func(z *Zone) []string { return listing.One(z.Name) },
		"zone-type":        fixed("availability-zone"),
	}
}

// DescribeRegions lists the commercial regions. The account has opted into every one that needs it.
func DescribeRegions(_ *world.Call, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	var rows []*geography
	for _, g := range geographies {
		if len(in.RegionNames) == 0 || slices.Contains(in.RegionNames, g.region) {
			rows = append(rows, &g)
		}
	}
	for _, name := range in.RegionNames {
		if !slices.ContainsFunc(rows, func(g *geography) bool { return g.region == name }) {
			return nil, listing.Invalid("Invalid region: [%s]", name)
		}
	}
	known := listing.Fields[geography]{
		"region-name":   func(g *geography) []string { return listing.One(g.region) },
		"endpoint":      func(g *geography) []string { return listing.One(g.endpoint()) },
		"opt-in-status": func(g *geography) []string { return listing.One(g.status()) },
	}
	rows, err := listing.Sift(slices.Values(rows), in.Filters, known, func(*geography) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeRegionsOutput{}
	for _, g := range rows {
		out.Regions = append(out.Regions, types.Region{
			RegionName: aws.String(g.region), Endpoint: aws.String(g.endpoint()), OptInStatus: aws.String(g.status()),
		})
	}
	return out, nil
}

func (g geography) endpoint() string { return "ec2." + g.region + ".amazonaws.com" }

func (g geography) status() string {
	if g.optIn {
		return "opted-in"
	}
	return "opt-in-not-required"
}
