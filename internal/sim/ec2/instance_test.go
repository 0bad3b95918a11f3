package ec2

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"pgregory.net/rapid"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

func TestInstanceRunsThenBootsThenPassesItsChecks(t *testing.T) {
	s := newSite(t, "eu-west-1")
	i, start := s.launched(), s.Now()
	same(t, "state at once", i.State, world.InstancePending)
	s.Advance(4 * time.Second)
	same(t, "state before the floor", i.State, world.InstancePending)
	s.Advance(20 * time.Second)
	same(t, "state then", i.State, world.InstanceRunning)
	if d := i.RunningAt.Sub(start); d < 5*time.Second || d > 20*time.Second {
		t.Errorf("running after %v", d)
	}
	same(t, "checks", status(s, i.ID), types.SummaryStatusInitializing)
	s.Advance(60 * time.Second)
	if d := i.BootedAt.Sub(i.RunningAt); d < 15*time.Second || d > 60*time.Second {
		t.Errorf("booted after %v", d)
	}
	same(t, "checks before 90 s", i.ChecksOK, false)
	s.Advance(30 * time.Second)
	same(t, "checks", status(s, i.ID), types.SummaryStatusOk)
	i.Impaired = true
	same(t, "impaired", status(s, i.ID), types.SummaryStatusImpaired)
}

func status(s *site, id string) types.SummaryStatus {
	s.t.Helper()
	out := do(s, DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{InstanceIds: []string{id}})
	return out.InstanceStatuses[0].InstanceStatus.Status
}

func TestTerminationTakesInterfaceAndVolumesAndIsForgottenAfterAnHour(t *testing.T) {
	s := newSite(t, "eu-west-1")
	kept := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) {
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{
			DeviceName: aws.String("/dev/xvdf"),
			Ebs:        &types.EbsBlockDevice{VolumeSize: aws.Int32(10), VolumeType: "gp3", DeleteOnTermination: aws.Bool(false)},
		}}
	}))
	id := *kept.Instances[0].InstanceId
	s.Advance(time.Minute)
	subnet, _ := s.Region.EC2.Subnets.Get(s.subnet)
	before := network.Free(subnet)

	out := do(s, TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
	same(t, "previous", out.TerminatingInstances[0].PreviousState.Name, types.InstanceStateNameRunning)
	same(t, "current", *out.TerminatingInstances[0].CurrentState.Code, 32)
	same(t, "volumes meanwhile", s.Region.EC2.Volumes.Len(), 2)
	s.Advance(19 * time.Second)
	same(t, "state before the floor", s.shown(id).State.Name, types.InstanceStateNameShuttingDown)
	s.Advance(time.Minute)

	gone := s.shown(id)
	same(t, "state", gone.State.Name, types.InstanceStateNameTerminated)
	if gone.SubnetId != nil || gone.VpcId != nil || gone.PrivateIpAddress != nil || len(gone.NetworkInterfaces) > 0 || len(gone.BlockDeviceMappings) > 0 {
		t.Error("a terminated instance still has a network or disks")
	}
	same(t, "reason", *gone.StateReason.Code, "Client.UserInitiatedShutdown")
	same(t, "interfaces", s.Region.EC2.Interfaces.Len(), 0)
	same(t, "addresses", network.Free(subnet), before+1)
	volumes := do(s, DescribeVolumes, &ec2.DescribeVolumesInput{}).Volumes
	same(t, "volumes", len(volumes), 1)
	same(t, "the kept volume", volumes[0].State, types.VolumeStateAvailable)
	same(t, "in the VPC", len(do(s, DescribeInstances, &ec2.DescribeInstancesInput{Filters: filter("vpc-id", s.vpc)}).Reservations), 0)

	s.Advance(58 * time.Minute)
	s.shown(id)
	s.Advance(3 * time.Minute)
	refused(s, DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{id}}, "InvalidInstanceID.NotFound")
}

func TestTerminatingTwiceChangesNothing(t *testing.T) {
	s := newSite(t, "eu-west-1")
	i := s.launched()
	s.Advance(time.Minute)
	Terminate(s.World, s.Region, i.ID)
	began := i.TerminatedAt
	s.Advance(5 * time.Second)
	Terminate(s.World, s.Region, i.ID)
	Terminate(s.World, s.Region, "i-00000000000000000")
	same(t, "begin", i.TerminatedAt, began)
	s.Advance(2 * time.Minute)
	Terminate(s.World, s.Region, i.ID)
	same(t, "state", i.State, world.InstanceTerminated)
}

func TestProtectedInstanceSavesTheWholeCall(t *testing.T) {
	s := newSite(t, "eu-west-1")
	plain, guarded := s.launched(), s.launched()
	do(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{
		InstanceId: aws.String(guarded.ID), DisableApiTermination: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	in := &ec2.TerminateInstancesInput{InstanceIds: []string{plain.ID, guarded.ID}}
	text := refused(s, TerminateInstances, in, "OperationNotPermitted")
	same(t, "text", text, "The instance '"+guarded.ID+"' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.")
	same(t, "the other one", plain.State, world.InstancePending)
	Terminate(s.World, s.Region, guarded.ID)
	same(t, "the internal way", guarded.State, world.InstanceShuttingDown)
}

func TestStopAndStartMakeANewRun(t *testing.T) {
	s := newSite(t, "eu-west-1")
	do(s, network.ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{
		SubnetId: aws.String(s.subnet), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	i := s.launched()
	private, public := i.PrivateIP, i.PublicIP
	s.Advance(20 * time.Second) // running, not yet checked
	do(s, StopInstances, &ec2.StopInstancesInput{InstanceIds: []string{i.ID}})
	same(t, "state", i.State, world.InstanceStopping)
	refused(s, StartInstances, &ec2.StartInstancesInput{InstanceIds: []string{i.ID}}, "IncorrectInstanceState")
	s.Advance(time.Minute)
	same(t, "state", i.State, world.InstanceStopped)
	same(t, "public address", i.PublicIP, "")
	same(t, "vCPUs", s.Region.EC2.VCPUs["L-1216C47A"], 0)

	do(s, StartInstances, &ec2.StartInstancesInput{InstanceIds: []string{i.ID}})
	same(t, "vCPUs", s.Region.EC2.VCPUs["L-1216C47A"], 2)
	same(t, "private address", i.PrivateIP, private)
	if i.PublicIP == "" || i.PublicIP == public {
		t.Errorf("public address %q after %q", i.PublicIP, public)
	}
	if Current(i, world.Event{Arg: "1"}) || !Current(i, world.Event{Arg: "2"}) {
		t.Error("the run was not counted")
	}
	s.Advance(15 * time.Second) // the first run's checks would have passed by now
	same(t, "checks of the run before", i.ChecksOK, false)
	s.Advance(2 * time.Minute)
	same(t, "checks", i.ChecksOK, true)
}

func TestStopIsRefusedWhereAWSRefusesIt(t *testing.T) {
	s := newSite(t, "eu-west-1")
	guarded, dying := s.launched(), s.launched()
	guarded.StopProtected = true
	Terminate(s.World, s.Region, dying.ID)
	spot := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) {
		in.InstanceMarketOptions = &types.InstanceMarketOptionsRequest{MarketType: types.MarketTypeSpot}
	})).Instances[0].InstanceId
	for id, code := range map[string]string{
		guarded.ID: "OperationNotPermitted", dying.ID: "IncorrectInstanceState", *spot: "UnsupportedOperation",
		"i-00000000000000000": "InvalidInstanceID.NotFound", "i-x": "InvalidInstanceID.Malformed",
	} {
		refused(s, StopInstances, &ec2.StopInstancesInput{InstanceIds: []string{id}}, code)
	}
	refused(s, StopInstances, &ec2.StopInstancesInput{}, "MissingParameter")
	refused(s, RebootInstances, &ec2.RebootInstancesInput{InstanceIds: []string{dying.ID}}, "IncorrectState")
}

func TestDescribeInstancesFilters(t *testing.T) {
	s := newSite(t, "eu-west-1")
	a := s.launched()
	s.Advance(time.Minute)
	b := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) {
		in.InstanceType, in.SubnetId = "m5.large", aws.String(s.small)
		in.TagSpecifications = []types.TagSpecification{{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("beta-1")}}}}
	})).Instances[0]
	s.Region.EC2.SecurityGroups.Get(s.group)
	for _, c := range []struct {
		name, value string
		want        []string
	}{
		{"instance-state-name", "running", []string{a.ID}},
		{"instance-state-code", "0", []string{*b.InstanceId}},
		{"instance-type", "m5.*", []string{*b.InstanceId}},
		{"tag:Name", "beta-?", []string{*b.InstanceId}},
		{"tag-key", "Name", []string{*b.InstanceId}},
		{"vpc-id", s.vpc, []string{a.ID, *b.InstanceId}},
		{"subnet-id", s.small, []string{*b.InstanceId}},
		{"private-ip-address", a.PrivateIP, []string{a.ID}},
		{"network-interface.addresses.private-ip-address", a.PrivateIP, []string{a.ID}},
		{"network-interface.network-interface-id", a.InterfaceID, []string{a.ID}},
		{"instance.group-name", "nodes", []string{a.ID, *b.InstanceId}},
		{"availability-zone", "eu-west-1a", []string{a.ID}},
		{"image-id", s.image, []string{a.ID, *b.InstanceId}},
		{"private-dns-name", "ip-10-0-1-4.eu-west-1.compute.internal", []string{a.ID}},
		{"reservation-id", a.ReservationID, []string{a.ID}},
		{"instance-lifecycle", "spot", nil},
		{"dns-name", "*", nil},
	} {
		var got []string
		for _, r := range do(s, DescribeInstances, &ec2.DescribeInstancesInput{Filters: filter(c.name, c.value)}).Reservations {
			for _, i := range r.Instances {
				got = append(got, *i.InstanceId)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s=%s: got %v, want %v", c.name, c.value, got, c.want)
		}
	}
	text := refused(s, DescribeInstances, &ec2.DescribeInstancesInput{Filters: filter("colour", "red")}, "InvalidParameterValue")
	same(t, "text", text, "The filter 'colour' is invalid")
}

func TestDescribeInstancesPages(t *testing.T) {
	s := newSite(t, "eu-west-1")
	do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) { in.MinCount, in.MaxCount = aws.Int32(8), aws.Int32(8) }))
	seen, token := 0, (*string)(nil)
	for range 2 {
		out := do(s, DescribeInstances, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(5), NextToken: token})
		seen, token = seen+len(out.Reservations[0].Instances), out.NextToken
	}
	same(t, "instances", seen, 8)
	if token != nil {
		t.Error("a token after the last page")
	}
	refused(s, DescribeInstances, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(4)}, "InvalidParameterValue")
}

func TestDescribeInstanceStatusLeavesOutWhatDoesNotRun(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.launched()
	same(t, "running", len(do(s, DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{}).InstanceStatuses), 0)
	all := do(s, DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{IncludeAllInstances: aws.Bool(true)}).InstanceStatuses
	same(t, "all", len(all), 1)
	same(t, "check", all[0].InstanceStatus.Status, types.SummaryStatusNotApplicable)
	refused(s, DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{Filters: filter("x", "y")}, "InvalidParameterValue")
}

func TestAttributesAreReadAsTheyWereWritten(t *testing.T) {
	s := newSite(t, "eu-west-1")
	i := s.launched()
	s.Advance(time.Minute)
	read := func(name types.InstanceAttributeName) *ec2.DescribeInstanceAttributeOutput {
		return do(s, DescribeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: aws.String(i.ID), Attribute: name})
	}
	same(t, "protection", *read("disableApiTermination").DisableApiTermination.Value, false)
	do(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{
		InstanceId: aws.String(i.ID), Attribute: "disableApiTermination", Value: aws.String("true"),
	})
	same(t, "protection", *read("disableApiTermination").DisableApiTermination.Value, true)
	data := &ec2.ModifyInstanceAttributeInput{InstanceId: aws.String(i.ID), UserData: &types.SecureBlobAttributeValue{Value: []byte("#!")}}
	refused(s, ModifyInstanceAttribute, data, "IncorrectInstanceState")
	Stop(s.World, s.Region, i.ID)
	s.Advance(time.Minute)
	do(s, ModifyInstanceAttribute, data)
	same(t, "user data", *read("userData").UserData.Value, "IyE=")
	do(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: aws.String(i.ID), InstanceType: &types.AttributeValue{Value: aws.String("m5.large")}})
	same(t, "type", *read("instanceType").InstanceType.Value, "m5.large")
	refused(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{
		InstanceId: aws.String(i.ID), InstanceType: &types.AttributeValue{Value: aws.String("m6g.large")},
	}, "InvalidParameterValue")
	groups := do(s, network.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: filter("group-name", "default")})
	fallback := *groups.SecurityGroups[0].GroupId
	do(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: aws.String(i.ID), Groups: []string{fallback}})
	same(t, "groups", *read("groupSet").Groups[0].GroupId, fallback)
	refused(s, ModifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{
		InstanceId: aws.String(i.ID), Groups: []string{"sg-00000000000000000"},
	}, "InvalidGroup.NotFound")
	refused(s, DescribeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: aws.String(i.ID), Attribute: "colour"}, "InvalidParameterValue")
}

func TestAttributeAndValueIsAnotherWayToModify(t *testing.T) {
	s := newSite(t, "eu-west-1")
	i := s.launched()
	Stop(s.World, s.Region, i.ID)
	s.Advance(time.Minute)
	set := func(name types.InstanceAttributeName, value string) *ec2.ModifyInstanceAttributeInput {
		return &ec2.ModifyInstanceAttributeInput{InstanceId: aws.String(i.ID), Attribute: name, Value: aws.String(value)}
	}
	for name, value := range map[types.InstanceAttributeName]string{
		"instanceType": "t3.large", "instanceInitiatedShutdownBehavior": "terminate", "userData": "IyE=", "disableApiTermination": "true",
		"disableApiStop": "true", "ebsOptimized": "true", "sourceDestCheck": "false",
	} {
		do(s, ModifyInstanceAttribute, set(name, value))
	}
	card, _ := s.Region.EC2.Interfaces.Get(i.InterfaceID)
	if i.Type != "t3.large" || i.ShutdownBehavior != "terminate" || i.UserData != "IyE=" || !i.Protected || !i.StopProtected || !i.EBSOptimized || !card.NoSourceCheck {
		t.Errorf("%+v", i)
	}
	for name, value := range map[types.InstanceAttributeName]string{
		"instanceType": "t3.huge", "instanceInitiatedShutdownBehavior": "explode", "disableApiStop": "perhaps", "colour": "red",
	} {
		refused(s, ModifyInstanceAttribute, set(name, value), "InvalidParameterValue")
	}
	refused(s, ModifyInstanceAttribute, set("userData", "#!"), "InvalidUserData.Malformed")
	for _, name := range types.InstanceAttributeName("").Values() {
		do(s, DescribeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: aws.String(i.ID), Attribute: name})
	}
}

func TestInterfaceMayOutliveItsInstance(t *testing.T) {
	s := newSite(t, "eu-west-1")
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.SecurityGroupIds = nil
		d.NetworkInterfaces = []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{{
			DeviceIndex: aws.Int32(0), Groups: []string{s.group}, SubnetId: aws.String(s.subnet), DeleteOnTermination: aws.Bool(false),
		}}
	})
	i, err := Launch(s.World, s.Region, LaunchSpec{TemplateID: id})
	if err != nil {
		t.Fatal(err)
	}
	card := i.InterfaceID
	Terminate(s.World, s.Region, i.ID)
	s.Advance(time.Minute)
	left, ok := s.Region.EC2.Interfaces.Get(card)
	if !ok || left.Status != "available" || left.InstanceID != "" {
		t.Errorf("%v %+v", ok, left)
	}
	same(t, "address", i.PrivateIP, "")
}

func TestLaunchOptionsShowInTheInstance(t *testing.T) {
	s := newSite(t, "eu-west-1")
	out := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) {
		in.PrivateDnsNameOptions = &types.PrivateDnsNameOptionsRequest{HostnameType: "resource-name", EnableResourceNameDnsARecord: aws.Bool(true)}
		in.Placement = &types.Placement{Tenancy: "dedicated"}
		in.Monitoring = &types.RunInstancesMonitoringEnabled{Enabled: aws.Bool(true)}
		in.CreditSpecification = &types.CreditSpecificationRequest{CpuCredits: aws.String("standard")}
		in.MetadataOptions = &types.InstanceMetadataOptionsRequest{HttpTokens: "optional"}
	})).Instances[0]
	same(t, "name", *out.PrivateDnsName, *out.InstanceId+".eu-west-1.compute.internal")
	same(t, "tenancy", out.Placement.Tenancy, "dedicated")
	same(t, "monitoring", out.Monitoring.State, "enabled")
	same(t, "tokens", out.MetadataOptions.HttpTokens, "optional")
	same(t, "hop limit", *out.MetadataOptions.HttpPutResponseHopLimit, 2)
	i, _ := s.Region.EC2.Instances.Get(*out.InstanceId)
	same(t, "credits", i.CreditMode, "standard")
	plain := s.launched()
	same(t, "t3 credits", plain.CreditMode, "unlimited")
	t2 := do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) { in.InstanceType = "t2.micro" })).Instances[0]
	i, _ = s.Region.EC2.Instances.Get(*t2.InstanceId)
	same(t, "t2 credits", i.CreditMode, "standard")
}

func TestDryRunOfEveryOperationChangesNothing(t *testing.T) {
	s := newSite(t, "eu-west-1")
	in := s.run(func(in *ec2.RunInstancesInput) { in.DryRun = aws.Bool(true) })
	_, err := Operations()["RunInstances"].Run(s.Call, in)
	same(t, "status", refusal(t, err, "DryRunOperation").Status, 412)
	same(t, "instances", s.Region.EC2.Instances.Len(), 0)
}

// A world in which instances are started, stopped and ended at random keeps its books.
func TestVCPUsInUseAreAlwaysThoseOfTheInstances(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newSite(t, "eu-west-1")
		s.Region.Quotas = map[string]int{"L-1216C47A": 12}
		var ids []string
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			id := ""
			if len(ids) > 0 {
				id = rapid.SampledFrom(ids).Draw(rt, "id")
			}
			switch rapid.IntRange(0, 4).Draw(rt, "what") {
			case 0:
				if out, err := RunInstances(s.Call, s.run(nil)); err == nil {
					ids = append(ids, *out.Instances[0].InstanceId)
				}
			case 1:
				Terminate(s.World, s.Region, id)
			case 2:
				Stop(s.World, s.Region, id)
			case 3:
				_ = Start(s.World, s.Region, id) // may be refused; the books must hold all the same
			case 4:
				s.Advance(time.Duration(rapid.IntRange(1, 4000).Draw(rt, "seconds")) * time.Second)
			}
			checkBooks(rt, s)
		}
	})
}

func checkBooks(t *rapid.T, s *site) {
	vcpus, cards := 0, 0
	for i := range s.Region.EC2.Instances.Rows() {
		if i.Charged {
			vcpus += i.VCPUs
		}
		charged, settled := map[string]bool{
			world.InstancePending: true, world.InstanceRunning: true, world.InstanceStopped: false, world.InstanceTerminated: false,
		}[i.State]
		if settled && i.Charged != charged {
			t.Fatalf("%s is %s, charged %v", i.ID, i.State, i.Charged)
		}
		if i.State != world.InstanceTerminated {
			cards++
		}
		if i.BootedAt.After(s.Now()) || (i.ChecksOK && i.State != world.InstanceRunning) {
			t.Fatalf("%s is %s, checks %v", i.ID, i.State, i.ChecksOK)
		}
	}
	if got := s.Region.EC2.VCPUs["L-1216C47A"]; got != vcpus || got > 12 {
		t.Fatalf("%d vCPUs are counted, %d are in use", got, vcpus)
	}
	if got := s.Region.EC2.Interfaces.Len(); got != cards {
		t.Fatalf("%d interfaces for %d instances", got, cards)
	}
}

func TestWorldWithInstancesSurvivesSavingAndLoading(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.template("nodes", nil)
	i := s.launched()
	f, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*world.World{s.World, f} {
		w.Advance(time.Hour)
		Terminate(w, w.Region("eu-west-1"), i.ID)
		w.Advance(time.Minute)
	}
	a, _ := s.Save()
	b, _ := f.Save()
	if string(a) != string(b) {
		t.Error("the fork went another way")
	}
	same(t, "run", strconv.Itoa(i.Run), "1")
}
