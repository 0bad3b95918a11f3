package dst

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/sim/world"
)

// moved is small in the network team's VPC, chosen by tags.
const moved = `
vpc_cidr           = null
availability_zones = null
existing_vpc       = {
  vpc_tags            = { owner = "network-team" }
  public_subnet_tags  = { tier = "public" }
  private_subnet_tags = { tier = "private" }
}
`

// byIDs is the same, chosen by ids.
func (e *estate) byIDs() string {
	return fmt.Sprintf(`
vpc_cidr     = null
existing_vpc = { vpc_id = %q, public_subnet_ids = [%q, %q], private_subnet_ids = [%q, %q] }
`, e.vpc, e.public[0], e.public[1], e.private[0], e.private[1])
}

// lodging is a rig with an estate, and what the estate looks like.
func lodging(t *testing.T) (*Rig, *estate, deed) {
	t.Helper()
	r := NewRig(1)
	e := r.settleEstate(t)
	return r, e, r.deeds(t)
}

func TestAClusterInAVPCOfOthersComesAndGoesAndTouchesNothingOfTheirs(t *testing.T) {
	for _, chosen := range []string{"tags", "ids"} {
		t.Run("by "+chosen, func(t *testing.T) {
			r, e, theirs := lodging(t)
			texts := []string{small, moved}
			if chosen == "ids" {
				texts[1] = e.byIDs()
			}
			c := Load(t, texts...)
			steps := []*config.Config{
				c, Load(t, append(texts, "instance_type = \"t3.small\"\nmax_size = 3\n")...),
				Load(t, append(texts, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\ntags = { team = \"a\" }\n")...),
			}
			for i, c := range steps {
				if err := r.Apply(c); err != nil {
					t.Fatal(err)
				}
				r.Settle()
				r.untouched(t, theirs, fmt.Sprintf("after apply %d", i))
				r.Agrees(t, c, fmt.Sprintf("after apply %d", i))
			}
			if err := r.Destroy(steps[2]); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.alone(t, theirs, "after the destroy")
		})
	}
}

func TestWhatDiesAtAnyCallInAVPCOfOthersIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	r, _, theirs := lodging(t)
	c := Load(t, small, moved)
	agree := func(c *config.Config) func(*testing.T, *Rig) {
		return func(t *testing.T, r *Rig) {
			r.untouched(t, theirs, "after the second run")
			r.Agrees(t, c, "after the second run")
		}
	}
	t.Run("comes", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(c) }, agree(c)) })
	more := Load(t, small, moved, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\n")
	t.Run("changes", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(more) }, agree(more)) })
	t.Run("is destroyed", func(t *testing.T) {
		finishedAnyhow(t, r, func(r *Rig) error { return r.Destroy(more) }, func(t *testing.T, r *Rig) { r.alone(t, theirs, "after the second destroy") })
	})
}

func TestAMoveBetweenAnOwnVPCAndOneOfOthersThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	r, _, theirs := lodging(t)
	own, out := Load(t, small), Load(t, small, moved)
	if err := r.Apply(own); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	agree := func(c *config.Config) func(*testing.T, *Rig) {
		return func(t *testing.T, r *Rig) {
			r.untouched(t, theirs, "after the second run")
			r.Agrees(t, c, "after the second run")
		}
	}
	t.Run("out", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(out) }, agree(out)) })
	t.Run("back", func(t *testing.T) { finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(own) }, agree(own)) })
}

// A file that names the VPC no more still finds everything that berth left there.
func TestADestroyByAFileWithoutTheVPCLeavesNothingInIt(t *testing.T) {
	r, _, theirs := lodging(t)
	c := Load(t, small, moved, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\n")
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	if err := r.Destroy(Load(t, small)); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after the destroy")
}

func TestTwoClustersInOneVPCOfOthersDoNotSeeEachOther(t *testing.T) {
	r, _, theirs := lodging(t)
	one, two := Load(t, small, moved), Load(t, small, moved, "cluster = \"acc-2\"\nload_balancers = { public = {}, legacy = { type = \"classic\" } }\n")
	for _, c := range []*config.Config{one, two} {
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		r.Settle()
	}
	r.Agrees(t, one, "beside the other")
	r.Agrees(t, two, "beside the other")
	if s, err := r.Survey(one); err != nil || len(s.Have.Strays) > 0 {
		t.Error("one of them sees the other: ", s.Have.Strays, err)
	}
	if err := r.Destroy(one); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, two, "after the other has gone")
	if err := r.Destroy(two); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after both have gone")
}

// A storm loses answers, shows old news and refuses calls while the cluster comes, moves out, moves back and goes.
func TestAStormTouchesNothingOfTheVPCOfOthers(t *testing.T) {
	t.Parallel()
	in, own := Load(t, small, moved), Load(t, small)
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprintf("seed %d", seed+1), func(t *testing.T) {
			r := NewRig(seed + 1)
			r.settleEstate(t)
			theirs := r.deeds(t)
			for i, c := range []*config.Config{in, own, in} {
				r.weather(storm())
				persist(t, "apply", func() error { return r.Apply(c) })
				r.weather(world.Weather{})
				r.Settle()
				if err := r.Apply(c); err != nil {
					t.Fatal(err)
				}
				r.Settle()
				r.untouched(t, theirs, fmt.Sprintf("after storm %d", i))
				r.Agrees(t, c, fmt.Sprintf("after storm %d", i))
			}
			r.weather(storm())
			persist(t, "destroy", func() error { return r.Destroy(in) })
			r.weather(world.Weather{})
			r.Settle()
			if err := r.Destroy(in); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.alone(t, theirs, "after the destroy")
		})
	}
}

func TestWhatARunHasSeenInAVPCOfOthersIsWhatStands(t *testing.T) {
	r, _, _ := lodging(t)
	c := Load(t, small, moved, "load_balancers = { public = {}, inside = { scheme = \"internal\" }, legacy = { type = \"classic\" } }\n")
	for _, look := range []func(drive.Cluster) func(context.Context) (drive.Survey, error){
		func(c drive.Cluster) func(context.Context) (drive.Survey, error) { return c.Survey },
		func(c drive.Cluster) func(context.Context) (drive.Survey, error) { return c.Farewell },
	} {
		cluster, who := r.cluster(c)
		j := drive.Job{Cluster: cluster, Who: who, Again: look(cluster), Agree: func(drive.Survey) error { return nil }}
		seen := run(t, j)
		found, err := j.Again(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !seen.Plan.Empty() {
			t.Errorf("something is left to do: %v", seen.Plan.Changes)
		}
		compare(t, seen.Have, found.Have)
	}
}

// An instance of the network team's own, and a load balancer, in the same subnets are nobody's obstacle; one that uses a
// security group of the cluster's is named, since AWS keeps the group for it.
func TestStrangersInAVPCOfOthersAreNamedOnlyWhereTheyHoldOnToTheCluster(t *testing.T) {
	r, e, _ := lodging(t)
	c := Load(t, small, moved)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	s, err := r.Survey(c)
	if err != nil || len(s.Have.Strays) > 0 {
		t.Fatal("strangers that hold on to nothing are named: ", s.Have.Strays, err)
	}
	guard := s.Have.ID(model.InstanceGroupKey("default"))
	must(e, e.ec2.CreateNetworkInterface, &ec2.CreateNetworkInterfaceInput{SubnetId: &e.private[1], Groups: []string{guard}})
	if s, err = r.Survey(c); err != nil || len(s.Have.Strays) != 1 {
		t.Fatal("one interface uses a security group of the cluster's: ", s.Have.Strays, err)
	}
	r.Agrees(t, c, "with a stranger")
}

// The choice by tags must be clear in every plan; where it is not, nothing is changed.
func TestTagsThatMeanMoreThanOneThingAreRefused(t *testing.T) {
	r, e, _ := lodging(t)
	c := Load(t, small, moved)
	e.subnet("eu-west-1b", "private", "10.9.99.0/24")
	var refusal *check.Refusal
	if err := r.Apply(c); !errors.As(err, &refusal) || refusal.Code != "NET611" {
		t.Fatalf("two private subnets in a zone: %v", err)
	}
	for _, id := range e.private {
		if strings.Contains(refusal.Error(), id) != (id == e.private[1]) {
			t.Errorf("the refusal should list the candidates, and only them:\n%v", refusal)
		}
	}
	other := r.settleEstate(t)
	theirs := r.deeds(t)
	if err := r.Apply(c); !errors.As(err, &refusal) || !strings.Contains(refusal.Error(), e.vpc) || !strings.Contains(refusal.Error(), other.vpc) {
		t.Fatalf("two VPCs: %v", err)
	}
	r.alone(t, theirs, "after the refusals")
}

// The own VPC of a cluster cannot be called existing: then nobody would keep it, and nobody delete it.
func TestTheOwnVPCIsNoExistingOne(t *testing.T) {
	r, own := standing(t, small)
	s, err := r.Survey(own)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(k model.Tier) string {
		return fmt.Sprintf("%q, %q", s.Have.ID(model.SubnetKey(k, "eu-west-1a")), s.Have.ID(model.SubnetKey(k, "eu-west-1b")))
	}
	c := Load(t, small, fmt.Sprintf("vpc_cidr = null\nexisting_vpc = { vpc_id = %q, public_subnet_ids = [%s], private_subnet_ids = [%s] }\n",
		s.Have.ID(model.VPCKey()), ids(model.Public), ids(model.Private)))
	var refusal *check.Refusal
	if err := r.Apply(c); !errors.As(err, &refusal) || refusal.Code != "NET610" {
		t.Fatalf("the own VPC as an existing one: %v", err)
	}
	r.Agrees(t, own, "after the refusal")
}

// What the checks go by is what AWS says: routes also of the main table, gateways that are gone, endpoints by service.
func TestTheFactsOfAVPCOfOthersAreAsItIsWired(t *testing.T) {
	r, e, _ := lodging(t)
	c := Load(t, small, moved, "load_balancers = {}\nexisting_vpc = { vpc_tags = { owner = \"network-team\" }, private_subnet_tags = { tier = \"*\" }, public_subnet_tags = { tier = \"none\" } }\n")
	wild := e.subnet("eu-west-1c", "batch", "10.9.60.0/24") // follows the main table, which leads nowhere
	e.rewire()
	r.Settle()
	cluster, _ := r.cluster(c)
	_, facts, err := observe.All(t.Context(), cluster.Cloud, cluster.Question())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]model.ExistingSubnet{}
	for _, s := range facts.Existing.Subnets {
		found[s.ID] = s
	}
	for _, one := range []struct {
		id, out  string
		dead, s3 bool
	}{
		{e.public[0], "igw-", false, false},
		{e.public[1], "igw-", false, false},
		{e.private[0], "nat-", false, true},
		{e.private[1], "nat-", true, true},
		{wild, "", false, false},
	} {
		s := found[one.id]
		if !strings.HasPrefix(s.Out, one.out) || one.out == "" && s.Out != "" || s.Dead != one.dead || s.S3 != one.s3 || s.Free == 0 || s.VPC != e.vpc {
			t.Errorf("%+v, want %+v", s, one)
		}
	}
	if v := facts.Existing; !v.Serves("ecs-agent") || v.Serves("ecs") || v.ID() != e.vpc || len(v.CIDRs) != 1 {
		t.Errorf("%+v", v)
	}
}

// rewire lets the second NAT gateway go, and gives the VPC endpoints for DynamoDB and for the agents.
func (e *estate) rewire() {
	e.t.Helper()
	gateways := must(e, e.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{})
	for _, g := range gateways.NatGateways {
		if *g.SubnetId == e.public[1] {
			must(e, e.ec2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: g.NatGatewayId})
		}
	}
	tables := must(e, e.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{})
	for _, table := range tables.RouteTables {
		if len(table.Associations) > 0 && textOf(table.Associations[0].SubnetId) == e.public[0] {
			must(e, e.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
				VpcId: &e.vpc, ServiceName: new("com.amazonaws.eu-west-1.dynamodb"), RouteTableIds: []string{*table.RouteTableId},
			})
		}
	}
	must(e, e.ec2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &e.vpc, EnableDnsHostnames: &types.AttributeBooleanValue{Value: new(true)}})
	must(e, e.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: &e.vpc, ServiceName: new("com.amazonaws.eu-west-1.ecs-agent"), VpcEndpointType: types.VpcEndpointTypeInterface,
		SubnetIds: []string{e.private[0]}, PrivateDnsEnabled: new(true),
	})
}

// textOf is the text that a pointer of the SDK leads to, empty for none.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func TestSeveralPrivateSubnetsOfAZoneGiveAGroupMoreAddresses(t *testing.T) {
	r, e, _ := lodging(t)
	more := e.subnet("eu-west-1b", "more", "10.9.70.0/24")
	must(e, e.ec2.CreateRoute, &ec2.CreateRouteInput{RouteTableId: new(e.mainTable()), DestinationCidrBlock: new("0.0.0.0/0"), GatewayId: &e.gateway})
	theirs := r.deeds(t)
	ids := strings.Replace(e.byIDs(), "private_subnet_ids = [", fmt.Sprintf("private_subnet_ids = [%q, ", more), 1)
	c := Load(t, small, ids)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, c, "with two subnets in a zone")
	if s, err := r.Survey(c); err != nil || len(s.Facts.Existing.Tier(model.Private)) != 3 || s.Facts.Existing.Zones()[1] != "eu-west-1b" {
		t.Error(s.Facts.Existing, err)
	}
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after the destroy")
}

// mainTable is the VPC's main route table.
func (e *estate) mainTable() string {
	e.t.Helper()
	for _, table := range must(e, e.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{}).RouteTables {
		for _, a := range table.Associations {
			if a.Main != nil && *a.Main && *table.VpcId == e.vpc {
				return *table.RouteTableId
			}
		}
	}
	e.t.Fatal("no main table")
	return ""
}

// berth cuts names that are too long for AWS, and what is left must be enough to find a load balancer that the file names no more.
func TestALoadBalancerOfALongNameThatLeavesTheFileLeavesAVPCOfOthers(t *testing.T) {
	r, _, theirs := lodging(t)
	long := "environment = \"an-environment-of-thirty-letters\"\ncluster = \"a-cluster-of-thirty-two-lettersx\"\n"
	c := Load(t, small, moved, long, "load_balancers = { public = {}, other = {}, legacy = { type = \"classic\" } }\n")
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, c, "with long names")
	few := Load(t, small, moved, long, "load_balancers = {}\n")
	if err := r.Apply(few); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, few, "without load balancers")
	r.Sim.With(func(w *world.World) {
		if n := w.Region("eu-west-1").Balancing.LoadBalancers.Len(); n > 0 {
			t.Errorf("%d load balancers are left", n)
		}
	})
	if err := r.Destroy(few); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.alone(t, theirs, "after the destroy")
}
