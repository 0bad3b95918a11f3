package model

// Tier tells subnets with a way in from the internet from those without one.
type Tier string

// The two tiers of a zone.
const (
	Public  Tier = "public"
	Private Tier = "private"
)

// Subnet is one tier of one zone.
type Subnet struct {
	Tier         Tier
	Zone         string
	CIDR         string
	AutoPublicIP bool // instances get a public address at launch; never wanted
	Tags         Tags
}

// SubnetKey names the subnet of a tier and zone: "subnet.private/eu-west-1a".
func SubnetKey(t Tier, zone string) Key { return Key{KindSubnet, string(t) + "/" + zone} }

// Key is SubnetKey of its tier and zone.
func (s Subnet) Key() Key { return SubnetKey(s.Tier, s.Zone) }

// Refs is the VPC.
func (s Subnet) Refs() []Key { return []Key{VPCKey()} }

// Attrs lists the subnet's settings.
func (s Subnet) Attrs() []Attr {
	var a attrs
	a.text("zone", s.Zone)
	a.text("cidr", s.CIDR)
	a.flag("map_public_ip_on_launch", s.AutoPublicIP)
	a.tags(s.Tags)
	return a
}
