package dst

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/sim/world"
)

// estate is a VPC that a network team made by hand, and everything in it.
type estate struct {
	t       *testing.T
	ec2     *ec2.Client
	vpc     string
	gateway string
	public  []string
	private []string
}

// settle builds an estate of two zones through AWS's API: subnets of both tiers, gateways, routes, an endpoint, and an
// interface of somebody's. Its tags look like berth's as far as they can without the one that tells: an environment, a
// cluster and names that berth would give.
func (r *Rig) settleEstate(t *testing.T) *estate {
	t.Helper()
	r.runs++
	c := cloud.Embedded(r.Sim.Client(), "eu-west-1", cloud.Options{Clock: r.Sim, Run: fmt.Sprintf("estate-%d", r.runs), Width: 1})
	e := &estate{t: t, ec2: c.EC2}
	vpc := must(e, e.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: new("10.9.0.0/16"), TagSpecifications: decoy(types.ResourceTypeVpc, "acc", "")})
	e.vpc = *vpc.Vpc.VpcId
	gateway := must(e, e.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{TagSpecifications: decoy(types.ResourceTypeInternetGateway, "acc", "")})
	e.gateway = *gateway.InternetGateway.InternetGatewayId
	must(e, e.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: &e.gateway, VpcId: &e.vpc})
	var tables []string
	for i, zone := range []string{"eu-west-1a", "eu-west-1b"} {
		e.public = append(e.public, e.subnet(zone, "public", fmt.Sprintf("10.9.%d.0/24", i)))
		e.private = append(e.private, e.subnet(zone, "private", fmt.Sprintf("10.9.%d.0/24", 50+i)))
		e.table(zone, "public", e.public[i], &ec2.CreateRouteInput{GatewayId: &e.gateway})
		tables = append(tables, e.table(zone, "private", e.private[i], &ec2.CreateRouteInput{NatGatewayId: new(e.nat(zone, e.public[i]))}))
	}
	must(e, e.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: &e.vpc, ServiceName: new("com.amazonaws.eu-west-1.s3"), RouteTableIds: tables,
		TagSpecifications: decoy(types.ResourceTypeVpcEndpoint, "acc_s3_endpoint", ""),
	})
	must(e, e.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		GroupName: new("database"), Description: new("theirs"), VpcId: &e.vpc, TagSpecifications: decoy(types.ResourceTypeSecurityGroup, "database", ""),
	})
	must(e, e.ec2.CreateNetworkInterface, &ec2.CreateNetworkInterfaceInput{SubnetId: &e.private[0], Description: new("theirs")})
	r.Settle()
	return e
}

// must makes a call that has to work.
func must[I, O any](e *estate, f func(context.Context, *I, ...func(*ec2.Options)) (*O, error), in *I) *O {
	e.t.Helper()
	out, err := f(e.t.Context(), in)
	if err != nil {
		e.t.Fatal(err)
	}
	return out
}

// decoy are tags that nearly say that something is the cluster's.
func decoy(kind types.ResourceType, name, tier string) []types.TagSpecification {
	tags := []types.Tag{
		{Key: new("Name"), Value: new(name)}, {Key: new("Environment"), Value: new("acc")},
		{Key: new("Cluster"), Value: new("acc")}, {Key: new("owner"), Value: new("network-team")},
	}
	if tier != "" {
		tags = append(tags, types.Tag{Key: new("tier"), Value: new(tier)})
	}
	return []types.TagSpecification{{ResourceType: kind, Tags: tags}}
}

func (e *estate) subnet(zone, tier, cidr string) string {
	e.t.Helper()
	out := must(e, e.ec2.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: &e.vpc, AvailabilityZone: &zone, CidrBlock: &cidr, TagSpecifications: decoy(types.ResourceTypeSubnet, "acc_"+tier+"_subnet_"+zone, tier),
	})
	return *out.Subnet.SubnetId
}

// table gives a subnet a route table with a default route.
func (e *estate) table(zone, tier, subnet string, route *ec2.CreateRouteInput) string {
	e.t.Helper()
	out := must(e, e.ec2.CreateRouteTable, &ec2.CreateRouteTableInput{
		VpcId: &e.vpc, TagSpecifications: decoy(types.ResourceTypeRouteTable, "acc_"+tier+"_subnet_"+zone, tier),
	})
	id := *out.RouteTable.RouteTableId
	route.RouteTableId, route.DestinationCidrBlock = &id, new("0.0.0.0/0")
	must(e, e.ec2.CreateRoute, route)
	must(e, e.ec2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &id, SubnetId: &subnet})
	return id
}

func (e *estate) nat(zone, subnet string) string {
	e.t.Helper()
	address := must(e, e.ec2.AllocateAddress, &ec2.AllocateAddressInput{TagSpecifications: decoy(types.ResourceTypeElasticIp, "acc_nat_"+zone, "")})
	out := must(e, e.ec2.CreateNatGateway, &ec2.CreateNatGatewayInput{
		SubnetId: &subnet, AllocationId: address.AllocationId, TagSpecifications: decoy(types.ResourceTypeNatgateway, "acc_nat_"+zone, ""),
	})
	return *out.NatGateway.NatGatewayId
}

// deed is the whole network of a region, row by row as the world keeps it, by id.
type deed map[string]string

// deeds writes down every row of every table of the network. A subnet's own rows leave out which of its addresses are
// taken, and by whom: whoever lives there takes some.
func (r *Rig) deeds(t *testing.T) deed {
	t.Helper()
	out := deed{}
	r.Sim.With(func(w *world.World) {
		n := &w.Region("eu-west-1").EC2.Network
		write(t, out, &n.VPCs)
		write(t, out, &n.DHCPOptions)
		write(t, out, &n.RouteTables)
		write(t, out, &n.InternetGateways)
		write(t, out, &n.Addresses)
		write(t, out, &n.NATGateways)
		write(t, out, &n.SecurityGroups)
		write(t, out, &n.Rules)
		write(t, out, &n.NetworkACLs)
		write(t, out, &n.Interfaces)
		write(t, out, &n.Endpoints)
		for id, g := range n.NATGateways.All() {
			if g.State == "deleted" { // AWS shows it for an hour
				delete(out, id)
			}
		}
		for id, s := range n.Subnets.All() {
			row := *s
			row.Taken, row.Cursor = nil, 0
			out[id] = text(t, row)
		}
	})
	return out
}

func write[T any](t *testing.T, out deed, table *world.Table[T]) {
	t.Helper()
	for id, row := range table.All() {
		out[id] = text(t, row)
	}
}

func text(t *testing.T, row any) string {
	t.Helper()
	b, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// untouched wants everything of an estate to be bit for bit as it was.
func (r *Rig) untouched(t *testing.T, before deed, when string) {
	t.Helper()
	now := r.deeds(t)
	for id, row := range before { // unordered: each for itself
		if now[id] != row {
			t.Errorf("%s: %s of others has changed:\n%s\nwas:\n%s", when, id, now[id], row)
		}
	}
}

// alone wants nothing in the network but the estate.
func (r *Rig) alone(t *testing.T, before deed, when string) {
	t.Helper()
	r.untouched(t, before, when)
	for id, row := range r.deeds(t) { // unordered: each for itself
		if before[id] == "" {
			t.Errorf("%s: %s is left behind: %s", when, id, row)
		}
	}
}
