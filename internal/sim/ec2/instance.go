package ec2

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func instanceKind() listing.Kind[world.Instance] {
	return listing.Kind[world.Instance]{
		Resource: types.ResourceTypeInstance, Prefix: "i",
		Missing: "InvalidInstanceID.NotFound", Malformed: "InvalidInstanceID.Malformed",
		Text:  "The instance ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.Instance] { return &r.EC2.Instances },
		Tags:  func(i *world.Instance) *world.Tags { return &i.Tags },
	}
}

// RunInstances launches instances from settings of its own, over those of a launch template if it names one.
func RunInstances(c *world.Call, in *ec2.RunInstancesInput) (*ec2.RunInstancesOutput, error) {
	once, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if once.Made != "" {
		return reservationOut(c.Region, reservation(c.Region, once.Made)), nil
	}
	least, most, err := howMany(in)
	if err != nil {
		return nil, err
	}
	o, err := runOrder(c, in)
	if err != nil {
		return nil, err
	}
	l, err := resolve(c.World, c.Region, o)
	if err != nil {
		return nil, err
	}
	made, err := l.start(least, most)
	if err != nil {
		return nil, err
	}
	once.Done(made[0].ReservationID)
	return reservationOut(c.Region, made), nil
}

func howMany(in *ec2.RunInstancesInput) (least, most int, err error) {
	if in.MinCount == nil {
		return 0, 0, listing.Missing("MinCount")
	}
	if in.MaxCount == nil {
		return 0, 0, listing.Missing("MaxCount")
	}
	least, most = int(*in.MinCount), int(*in.MaxCount)
	if least < 1 {
		return 0, 0, listing.Invalid("Invalid value '%d' for minCount. Must be at least 1.", least)
	}
	if most < least {
		return 0, 0, listing.Invalid("Invalid value '%d' for maxCount. Must be greater than or equal to minCount.", most)
	}
	return least, most, nil
}

func runOrder(c *world.Call, in *ec2.RunInstancesInput) (order, error) {
	data, err := runData(in)
	if err != nil {
		return order{}, err
	}
	if err := checkData(data); err != nil {
		return order{}, err
	}
	if in.SubnetId != nil && len(in.NetworkInterfaces) > 0 {
		return order{}, wire.Errorf("InvalidParameterCombination",
			"Network interfaces and an instance-level subnet ID may not be specified on the same request")
	}
	o := order{data: data, subnet: aws.ToString(in.SubnetId), privateIP: aws.ToString(in.PrivateIpAddress), token: aws.ToString(in.ClientToken)}
	if in.LaunchTemplate == nil {
		return o, nil
	}
	t, err := findTemplate(c.Region, in.LaunchTemplate.LaunchTemplateId, in.LaunchTemplate.LaunchTemplateName)
	if err != nil {
		return order{}, err
	}
	v, err := findVersion(t, aws.ToString(in.LaunchTemplate.Version))
	if err != nil {
		return order{}, err
	}
	base, err := readData(v)
	if err != nil {
		return order{}, err
	}
	o.template, o.version = t.ID, strconv.FormatInt(v.Number, 10)
	o.data = overlay(base, data)
	o.data.TagSpecifications = slices.Concat(base.TagSpecifications, data.TagSpecifications)
	return o, nil
}

// reservation are the instances of one RunInstances that are still there.
func reservation(r *world.Region, id string) []*world.Instance {
	var out []*world.Instance
	for i := range r.EC2.Instances.Rows() {
		if i.ReservationID == id {
			out = append(out, i)
		}
	}
	return out
}

func reservationOut(r *world.Region, made []*world.Instance) *ec2.RunInstancesOutput {
	out := &ec2.RunInstancesOutput{OwnerId: aws.String(world.Account), Groups: []types.GroupIdentifier{}}
	for _, i := range made {
		out.ReservationId, out.RequesterId = aws.String(i.ReservationID), requester(i)
		out.Instances = append(out.Instances, instanceOut(r, i))
	}
	return out
}

// requester is the account of the service that launched an instance for the user.
func requester(i *world.Instance) *string {
	if i.Owner == "" {
		return nil
	}
	return aws.String("940372691376") // EC2 Auto Scaling's
}

// DescribeInstances lists instances by reservation; terminated ones for an hour.
func DescribeInstances(c *world.Call, in *ec2.DescribeInstancesInput) (*ec2.DescribeInstancesOutput, error) {
	rows, next, err := instanceKind().List(c.Region, listing.Query[world.Instance]{
		IDs: in.InstanceIds, Filters: in.Filters, Known: instanceFields(c.Region),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeInstancesOutput{NextToken: next}
	for n, i := range rows {
		if n == 0 || rows[n-1].ReservationID != i.ReservationID {
			out.Reservations = append(out.Reservations, types.Reservation{
				ReservationId: aws.String(i.ReservationID), OwnerId: aws.String(world.Account), RequesterId: requester(i),
				Groups: []types.GroupIdentifier{},
			})
		}
		last := &out.Reservations[len(out.Reservations)-1]
		last.Instances = append(last.Instances, instanceOut(c.Region, i))
	}
	return out, nil
}

// RebootInstances restarts the system of running instances, which nobody outside sees.
func RebootInstances(c *world.Call, in *ec2.RebootInstancesInput) (*ec2.RebootInstancesOutput, error) {
	rows, err := needInstances(c.Region, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	for _, i := range rows {
		if i.State != world.InstanceRunning {
			return nil, wire.Errorf("IncorrectState", "The instance '%s' is not in the 'running' state.", i.ID)
		}
	}
	return &ec2.RebootInstancesOutput{}, nil
}

// TerminateInstances ends instances. One protected instance, and none is ended.
func TerminateInstances(c *world.Call, in *ec2.TerminateInstancesInput) (*ec2.TerminateInstancesOutput, error) {
	rows, err := needInstances(c.Region, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	for _, i := range rows {
		if i.Protected && i.State != world.InstanceTerminated {
			return nil, wire.Errorf("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its "+
				"'disableApiTermination' instance attribute and try again.", i.ID)
		}
	}
	out := &ec2.TerminateInstancesOutput{}
	for _, i := range rows {
		before := i.State
		Terminate(c.World, c.Region, i.ID)
		out.TerminatingInstances = append(out.TerminatingInstances, stateChange(i, before))
	}
	return out, nil
}

// StopInstances halts instances.
func StopInstances(c *world.Call, in *ec2.StopInstancesInput) (*ec2.StopInstancesOutput, error) {
	rows, err := needInstances(c.Region, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	for _, i := range rows {
		if err := stoppable(i); err != nil {
			return nil, err
		}
	}
	out := &ec2.StopInstancesOutput{}
	for _, i := range rows {
		before := i.State
		Stop(c.World, c.Region, i.ID)
		out.StoppingInstances = append(out.StoppingInstances, stateChange(i, before))
	}
	return out, nil
}

func stoppable(i *world.Instance) error {
	switch {
	case i.State == world.InstanceShuttingDown || i.State == world.InstanceTerminated:
		return wire.Errorf("IncorrectInstanceState", "This instance '%s' is not in a state from which it can be stopped.", i.ID)
	case i.StopProtected:
		return wire.Errorf("OperationNotPermitted", "The instance '%s' may not be stopped. Modify its 'disableApiStop' "+
			"instance attribute and try again.", i.ID)
	case i.Spot:
		return wire.Errorf("UnsupportedOperation", "You can't stop the Spot Instance '%s' because it is associated with a "+
			"one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.", i.ID)
	}
	return nil
}

// StartInstances runs stopped instances again, in the order given, up to the first that is refused.
func StartInstances(c *world.Call, in *ec2.StartInstancesInput) (*ec2.StartInstancesOutput, error) {
	rows, err := needInstances(c.Region, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	out := &ec2.StartInstancesOutput{}
	for _, i := range rows {
		before := i.State
		if err := Start(c.World, c.Region, i.ID); err != nil {
			return nil, err
		}
		out.StartingInstances = append(out.StartingInstances, stateChange(i, before))
	}
	return out, nil
}

// needInstances finds the instances of a call that changes them.
func needInstances(r *world.Region, ids []string) ([]*world.Instance, error) {
	if len(ids) == 0 {
		return nil, listing.Missing("InstanceId")
	}
	rows := make([]*world.Instance, 0, len(ids))
	for _, id := range ids {
		i, err := instanceKind().Find(r, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(rows, i) {
			rows = append(rows, i)
		}
	}
	return rows, nil
}

func stateChange(i *world.Instance, before string) types.InstanceStateChange {
	return types.InstanceStateChange{
		InstanceId: aws.String(i.ID), PreviousState: stateOut(before), CurrentState: stateOut(i.State),
	}
}

// stateOut adds the number that EC2 gives to a state.
func stateOut(state string) *types.InstanceState {
	return &types.InstanceState{Name: types.InstanceStateName(state), Code: aws.Int32(stateCode(state))}
}

func stateCode(state string) int32 {
	switch state {
	case world.InstanceRunning:
		return 16
	case world.InstanceShuttingDown:
		return 32
	case world.InstanceTerminated:
		return 48
	case world.InstanceStopping:
		return 64
	case world.InstanceStopped:
		return 80
	default:
		return 0
	}
}
