package network

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The events of an endpoint's life.
const (
	endpointReady world.Kind = "ec2.endpoint-available"
	endpointGone  world.Kind = "ec2.endpoint-deleted"
)

// The API answers an endpoint's states in small letters, unlike the SDK's enumeration.
const (
	endpointPending   = "pending"
	endpointAvailable = "available"
	endpointDeleting  = "deleting"

	gatewayEndpoint   = string(types.VpcEndpointTypeGateway)
	interfaceEndpoint = string(types.VpcEndpointTypeInterface)

	openPolicy = `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
)

// endpointCreate is how long an interface endpoint takes; gateway endpoints are there at once.
func endpointCreate() world.Span {
	return world.Span{Mean: 70 * time.Second, Deviation: 20 * time.Second, Floor: 30 * time.Second}
}

// endpointModify is how long a changed interface endpoint is pending again; nobody publishes it.
func endpointModify() world.Span {
	return world.Span{Mean: 25 * time.Second, Deviation: 8 * time.Second, Floor: 5 * time.Second}
}

// endpointDelete is how long the record, and the interfaces of an interface endpoint, stay.
func endpointDelete(kind string) world.Span {
	if kind == gatewayEndpoint {
		return world.Span{Mean: 6 * time.Second, Deviation: 2 * time.Second, Floor: 2 * time.Second}
	}
	return world.Span{Mean: 60 * time.Second, Deviation: 20 * time.Second, Floor: 20 * time.Second}
}

func endpointKind() listing.Kind[world.Endpoint] {
	return listing.Kind[world.Endpoint]{
		Resource: types.ResourceTypeVpcEndpoint, Prefix: "vpce", Missing: "InvalidVpcEndpointId.NotFound", Malformed: "InvalidVpcEndpointId.Malformed",
		Text:  "The Vpc Endpoint Id '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.Endpoint] { return &r.EC2.Endpoints },
		Tags:  func(e *world.Endpoint) *world.Tags { return &e.Tags },
	}
}

// leadsOut tells whether a gateway endpoint adds routes.
func leadsOut(e *world.Endpoint) bool {
	return e.Type == gatewayEndpoint && e.State == endpointAvailable
}

// CreateVpcEndpoint makes a gateway endpoint, which is there at once, or an interface endpoint, which takes a minute.
func CreateVpcEndpoint(c *world.Call, in *ec2.CreateVpcEndpointInput) (*ec2.CreateVpcEndpointOutput, error) {
	v, err := vpcKind().Need(c.Region, "VpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	e := &world.Endpoint{
		VPCID: v.ID, Service: aws.ToString(in.ServiceName), Type: cmp.Or(string(in.VpcEndpointType), gatewayEndpoint),
		Policy: cmp.Or(aws.ToString(in.PolicyDocument), openPolicy), Created: c.Now(),
	}
	if err := checkService(c.Region, e); err != nil {
		return nil, err
	}
	if !json.Valid([]byte(e.Policy)) {
		return nil, wire.Errorf("InvalidPolicyDocument", "Policy document is not valid JSON")
	}
	if e.Tags, err = listing.SpecTags(in.TagSpecifications, types.ResourceTypeVpcEndpoint); err != nil {
		return nil, err
	}
	token, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if old, again := c.Region.EC2.Endpoints.Get(token.Made); again {
		e = old
	} else if err := beginEndpoint(c, v, e, in); err != nil {
		return nil, err
	}
	token.Done(e.ID)
	out := endpointOut(c.Region, e)
	return &ec2.CreateVpcEndpointOutput{VpcEndpoint: &out, ClientToken: in.ClientToken}, nil
}

// checkService refuses a service that has no endpoints of the type.
func checkService(r *world.Region, e *world.Endpoint) error {
	if e.Service == "" {
		return listing.Missing("ServiceName")
	}
	short, ours := strings.CutPrefix(e.Service, serviceName(r.Name, ""))
	switch e.Type {
	case gatewayEndpoint:
		if _, ok := prefixListOf(e.Service); ok && ours {
			return nil
		}
		if ours && hasInterface(r.Name, short) {
			return wire.Errorf("InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface]).")
		}
	case interfaceEndpoint:
		if ours && hasInterface(r.Name, short) {
			return nil
		}
	default:
		return listing.Unsimulated("endpoints of other types than Gateway and Interface")
	}
	return wire.Errorf("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", e.Service)
}

// beginEndpoint wires a new endpoint and puts it into its table.
func beginEndpoint(c *world.Call, v *world.VPC, e *world.Endpoint, in *ec2.CreateVpcEndpointInput) error {
	if err := roomForEndpoint(c.Region, e); err != nil {
		return err
	}
	if e.Type == gatewayEndpoint {
		if err := addTables(c.Region, e, in.RouteTableIds); err != nil {
			return err
		}
		e.ID, e.State = c.NewID("vpce"), endpointAvailable
		c.Region.EC2.Endpoints.Put(e.ID, e)
		return nil
	}
	if err := privateDNSAllowed(c.Region, v, e, in.PrivateDnsEnabled); err != nil {
		return err
	}
	e.Groups = slices.Clone(in.SecurityGroupIds)
	if len(e.Groups) == 0 {
		e.Groups = []string{defaultGroup(&c.Region.EC2.Network, v.ID)}
	}
	if err := GroupsOfVPC(c.Region, v.ID, e.Groups); err != nil {
		return err
	}
	if err := checkEndpointSubnets(c.Region, e, in.SubnetIds); err != nil {
		return err
	}
	e.ID, e.State = c.NewID("vpce"), endpointPending
	e.DNSName = e.ID + "-" + c.Hex(8) + "." + strings.TrimPrefix(e.Service, serviceName(c.Region.Name, "")) + "." + c.Region.Name + ".vpce.amazonaws.com"
	if err := addSubnets(c, e, in.SubnetIds); err != nil {
		return err
	}
	c.Region.EC2.Endpoints.Put(e.ID, e)
	c.Schedule(c.Draw("ec2.endpoint-create", e.ID, endpointCreate()), world.Event{Kind: endpointReady, Region: c.Region.Name, ID: e.ID})
	return nil
}

func roomForEndpoint(r *world.Region, e *world.Endpoint) error {
	limit, sameVPC := quotaGatewayEnds, false
	if e.Type == interfaceEndpoint {
		limit, sameVPC = quotaEndpoints, true
	}
	if listing.Count(&r.EC2.Endpoints, func(o *world.Endpoint) bool { return o.Type == e.Type && (!sameVPC || o.VPCID == e.VPCID) }) >= r.Quota(limit) {
		return wire.Errorf("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
	}
	return nil
}

// addTables ties route tables to a gateway endpoint; a table may lead to a service only once.
func addTables(r *world.Region, e *world.Endpoint, ids []string) error {
	list, _ := prefixListOf(e.Service)
	for _, id := range ids {
		t, err := tableKind().Find(r, id)
		if err != nil {
			return err
		}
		if t.VPCID != e.VPCID {
			return wire.Errorf("InvalidParameter", "Route table %s and endpoint belong to different networks.", id)
		}
		if slices.ContainsFunc(allRoutes(&r.EC2.Network, t), func(x world.Route) bool { return x.Destination == list }) {
			return wire.Errorf("RouteAlreadyExists", "route table %s already has a route with destination-prefix-list-id %s", id, list)
		}
	}
	for _, id := range ids {
		if !slices.Contains(e.RouteTables, id) {
			e.RouteTables = append(e.RouteTables, id)
		}
	}
	return nil
}

// privateDNSAllowed decides and checks whether the service's own name leads to an endpoint; that is usual.
func privateDNSAllowed(r *world.Region, v *world.VPC, e *world.Endpoint, asked *bool) error {
	e.PrivateDNS = asked == nil || *asked
	if !e.PrivateDNS {
		return nil
	}
	if !v.DNSSupport || !v.DNSHostnames {
		return wire.Errorf("InvalidParameter",
			"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for %s", v.ID)
	}
	if listing.Holds(&r.EC2.Endpoints, func(o *world.Endpoint) bool {
		return o != e && o.VPCID == v.ID && o.Service == e.Service && o.PrivateDNS
	}) {
		return wire.Errorf("InvalidParameter",
			"private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s", serviceDNS(r, e), v.ID)
	}
	return nil
}

// serviceDNS is the public name of an endpoint's service.
func serviceDNS(r *world.Region, e *world.Endpoint) string {
	words := strings.Split(strings.TrimPrefix(e.Service, serviceName(r.Name, "")), ".")
	slices.Reverse(words)
	return strings.Join(words, ".") + "." + r.Name + ".amazonaws.com"
}

// checkEndpointSubnets refuses subnets of other networks, and two of one zone.
func checkEndpointSubnets(r *world.Region, e *world.Endpoint, more []string) error {
	var zones []string
	for i, id := range slices.Concat(e.Subnets, more) {
		s, err := Subnets().Find(r, id)
		if err != nil {
			return err
		}
		if s.VPCID != e.VPCID {
			return wire.Errorf("InvalidParameter", "Subnet %s and endpoint belong to different networks.", id)
		}
		if i >= len(e.Subnets) && slices.Contains(zones, s.Zone) {
			return wire.Errorf("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of %s. "+
				"VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.", id)
		}
		if i >= len(e.Subnets) && !offered(r.Name, e.Service, s.ZoneID) {
			return wire.Errorf("InvalidParameter", "The VPC endpoint service %s does not support the availability zone of the subnet: %s.", e.Service, id)
		}
		zones = append(zones, s.Zone)
	}
	return nil
}

// addSubnets puts an interface of the endpoint into each subnet, or into none.
func addSubnets(c *world.Call, e *world.Endpoint, ids []string) error {
	var made []string
	for _, id := range ids {
		i, err := NewInterface(c.World, c.Region, world.Interface{
			SubnetID: id, Groups: slices.Clone(e.Groups), InterfaceType: "vpc_endpoint", Description: "VPC Endpoint Interface " + e.ID,
			RequesterID: "amazon-vpce", RequesterManaged: true, AttachOwner: "amazon-aws",
		})
		if err != nil {
			for _, id := range made {
				DeleteInterface(c.World, c.Region, id)
			}
			return err
		}
		made = append(made, i.ID)
	}
	e.Subnets, e.Interfaces = append(e.Subnets, ids...), append(e.Interfaces, made...)
	return nil
}

// becomeEndpoint makes a new or changed interface endpoint available.
func becomeEndpoint(w *world.World, ev world.Event) {
	if e, ok := w.Region(ev.Region).EC2.Endpoints.Get(ev.ID); ok && e.State == endpointPending {
		e.State, e.Changing = endpointAvailable, false
	}
}

// ModifyVpcEndpoint changes policy, route tables, subnets, groups or private DNS; all of it or nothing.
func ModifyVpcEndpoint(c *world.Call, in *ec2.ModifyVpcEndpointInput) (*ec2.ModifyVpcEndpointOutput, error) {
	e, err := endpointKind().Need(c.Region, "VpcEndpointId", in.VpcEndpointId)
	if err != nil {
		return nil, err
	}
	next := *e
	next.RouteTables = without(e.RouteTables, in.RemoveRouteTableIds)
	next.Groups = append(without(e.Groups, in.RemoveSecurityGroupIds), in.AddSecurityGroupIds...)
	next.Subnets = without(e.Subnets, in.RemoveSubnetIds)
	if err := checkModify(c.Region, &next, in); err != nil {
		return nil, err
	}
	if aws.ToBool(in.ResetPolicy) {
		next.Policy = openPolicy
	} else if in.PolicyDocument != nil {
		next.Policy = *in.PolicyDocument
	}
	next.Interfaces = keepIn(c.Region, e.Interfaces, next.Subnets)
	if err := addSubnets(c, &next, in.AddSubnetIds); err != nil {
		return nil, err
	}
	for _, id := range without(e.Interfaces, next.Interfaces) {
		DeleteInterface(c.World, c.Region, id)
	}
	begun := e.State == endpointAvailable && e.Type == interfaceEndpoint
	*e = next
	if begun {
		e.State, e.Changing = endpointPending, true
		c.Schedule(c.Draw("ec2.endpoint-modify", e.ID, endpointModify()), world.Event{Kind: endpointReady, Region: c.Region.Name, ID: e.ID})
	}
	for _, id := range e.Interfaces {
		if i, ok := c.Region.EC2.Interfaces.Get(id); ok {
			i.Groups = slices.Clone(e.Groups)
		}
	}
	return &ec2.ModifyVpcEndpointOutput{Return: aws.Bool(true)}, nil
}

// checkModify checks what a change adds; next already lacks what it removes.
func checkModify(r *world.Region, next *world.Endpoint, in *ec2.ModifyVpcEndpointInput) error {
	gateway := next.Type == gatewayEndpoint
	if gateway && len(in.AddSubnetIds)+len(in.AddSecurityGroupIds) > 0 || !gateway && len(in.AddRouteTableIds) > 0 {
		return wire.Errorf("InvalidParameter", "The parameters do not fit an endpoint of the type %s.", next.Type)
	}
	if in.PolicyDocument != nil && !json.Valid([]byte(*in.PolicyDocument)) {
		return wire.Errorf("InvalidPolicyDocument", "Policy document is not valid JSON")
	}
	if gateway {
		return addTables(r, next, without(in.AddRouteTableIds, next.RouteTables))
	}
	if err := GroupsOfVPC(r, next.VPCID, next.Groups); err != nil {
		return err
	}
	v, err := vpcKind().Find(r, next.VPCID)
	if err != nil {
		return err
	}
	if in.PrivateDnsEnabled != nil && *in.PrivateDnsEnabled != next.PrivateDNS {
		if err := privateDNSAllowed(r, v, next, in.PrivateDnsEnabled); err != nil {
			return err
		}
	}
	return checkEndpointSubnets(r, next, in.AddSubnetIds)
}

// without is a list less the items of another.
func without(list, less []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(less, s) })
}

// keepIn keeps the interfaces that are in one of the subnets.
func keepIn(r *world.Region, interfaces, subnets []string) []string {
	return slices.DeleteFunc(slices.Clone(interfaces), func(id string) bool {
		i, ok := r.EC2.Interfaces.Get(id)
		return !ok || !slices.Contains(subnets, i.SubnetID)
	})
}

// DeleteVpcEndpoints begins to delete endpoints; unknown ones are told in the answer, not refused.
func DeleteVpcEndpoints(c *world.Call, in *ec2.DeleteVpcEndpointsInput) (*ec2.DeleteVpcEndpointsOutput, error) {
	if len(in.VpcEndpointIds) == 0 {
		return nil, listing.Missing("VpcEndpointId")
	}
	out := &ec2.DeleteVpcEndpointsOutput{Unsuccessful: []types.UnsuccessfulItem{}}
	for _, id := range in.VpcEndpointIds {
		e, ok := c.Region.EC2.Endpoints.Get(id)
		if !ok {
			out.Unsuccessful = append(out.Unsuccessful, types.UnsuccessfulItem{
				ResourceId: aws.String(id),
				Error: &types.UnsuccessfulItemError{
					Code: aws.String("InvalidVpcEndpoint.NotFound"), Message: aws.String("The Vpc Endpoint Id '" + id + "' does not exist"),
				},
			})
			continue
		}
		if e.State == endpointDeleting {
			continue
		}
		e.State = endpointDeleting
		c.Schedule(c.Draw("ec2.endpoint-delete", id, endpointDelete(e.Type)), world.Event{Kind: endpointGone, Region: c.Region.Name, ID: id})
	}
	return out, nil
}

// endEndpoint finishes a deletion.
func endEndpoint(w *world.World, ev world.Event) {
	r := w.Region(ev.Region)
	e, ok := r.EC2.Endpoints.Get(ev.ID)
	if !ok {
		return
	}
	for _, id := range e.Interfaces {
		DeleteInterface(w, r, id)
	}
	r.EC2.Endpoints.Delete(e.ID)
}
