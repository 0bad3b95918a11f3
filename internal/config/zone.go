package config

import (
	"strconv"

	"berth/internal/config/tfvars"
)

// zones reads the availability zones. It is false when there is no list at all to count subnets by.
func (s settings) zones(c *Config) ([]written, bool) {
	zones, ok := s.list("availability_zones")
	v := s.values["availability_zones"]
	if !ok || len(zones) < len(v.Items) {
		return nil, false
	}
	if len(zones) == 0 {
		s.Fail(v.At, Fault{
			Code: codeNoZones, Summary: "availability_zones names no zone",
			Hint: "name two or three: availability_zones = " + exampleZones(c.Region),
		})
		return nil, false
	}
	first := map[string]written{}
	for _, z := range zones {
		if other, twice := first[z.text]; twice {
			s.Fail(z.At, Fault{
				Code: tfvars.CodeTwice, Summary: z.Path + " " + tfvars.Quote(z.text) + " is named twice",
				Detail: "The first one stands at " + other.At.Place().String() + ".", Hint: "name each zone once",
			})
			continue
		}
		first[z.text] = z
		s.checkZone(z, c.Region)
	}
	s.checkZoneCount(c, len(first), v)
	return zones, true
}

func exampleZones(region string) string {
	if region == "" {
		region = "eu-west-1"
	}
	return `["` + region + `a", "` + region + `b"]`
}

// checkZone measures a zone against the region, or by its looks alone when the region is not known.
func (s settings) checkZone(z written, region string) {
	m := zoneName.FindStringSubmatch(z.text)
	if m != nil && (region == "" || m[1] == region) {
		return
	}
	f := Fault{Code: codeZone, Summary: z.Path + " cannot be " + tfvars.Quote(z.text), Hint: "zones are named like this: " + exampleZones(region)}
	switch {
	case m != nil:
		f.Detail = "It is a zone of " + m[1] + ", and aws_region is " + region + "."
		f.Hint = "write " + tfvars.Quote(region+m[2]) + `, or aws_region = "` + m[1] + `"`
	case zoneID.MatchString(z.text):
		f.Detail = "It is a zone's id; zones are given by name."
	case localZone.MatchString(z.text):
		f.Code, f.Detail = codeLocalZone, "It is a local or Wavelength zone, which has no NAT gateway and few instance types."
	default:
		f.Detail = "It is no zone's name."
	}
	s.Fail(z.At, f)
}

// checkZoneCount holds application load balancers to AWS's two zones (Elastic Load Balancing API, CreateLoadBalancer).
func (s settings) checkZoneCount(c *Config, n int, v tfvars.Value) {
	for _, lb := range c.LoadBalancers {
		if n < 2 && lb.Type == Application {
			s.Fail(v.At, Fault{
				Code: codeOneZone, Summary: "an application load balancer needs two zones, and availability_zones names " + strconv.Itoa(n),
				Detail: "AWS refuses to create it over subnets of one zone.",
				Hint:   "name a second zone, which also survives the loss of one\nor do without: load_balancers = {}",
			})
			return
		}
	}
}
