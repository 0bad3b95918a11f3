package ec2

import (
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DescribeInstanceAttribute tells one attribute of one instance.
func DescribeInstanceAttribute(c *world.Call, in *ec2.DescribeInstanceAttributeInput) (*ec2.DescribeInstanceAttributeOutput, error) {
	i, err := instanceKind().Need(c.Region, "instanceId", in.InstanceId)
	if err != nil {
		return nil, err
	}
	if in.Attribute == "" {
		return nil, listing.Missing("attribute")
	}
	out := &ec2.DescribeInstanceAttributeOutput{InstanceId: aws.String(i.ID)}
	if f, ok := attributes(c.Region, i)[in.Attribute]; ok {
		f(out)
		return out, nil
	}
	return nil, listing.Invalid("Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
}

// attributes are the attributes of an instance, each as what it writes into the answer.
func attributes(r *world.Region, i *world.Instance) map[types.InstanceAttributeName]func(*ec2.DescribeInstanceAttributeOutput) {
	type out = ec2.DescribeInstanceAttributeOutput
	flag := func(v bool) *types.AttributeBooleanValue { return &types.AttributeBooleanValue{Value: aws.Bool(v)} }
	text := func(v string) *types.AttributeValue { return &types.AttributeValue{Value: listing.Filled(v)} }
	return map[types.InstanceAttributeName]func(*out){
		types.InstanceAttributeNameBlockDeviceMapping:    func(o *out) { o.BlockDeviceMappings = devicesOut(r, i) },
		types.InstanceAttributeNameDisableApiStop:        func(o *out) { o.DisableApiStop = flag(i.StopProtected) },
		types.InstanceAttributeNameDisableApiTermination: func(o *out) { o.DisableApiTermination = flag(i.Protected) },
		types.InstanceAttributeNameEbsOptimized:          func(o *out) { o.EbsOptimized = flag(i.EBSOptimized) },
		types.InstanceAttributeNameEnaSupport:            func(o *out) { o.EnaSupport = flag(true) },
		types.InstanceAttributeNameEnclaveOptions: func(o *out) {
			o.EnclaveOptions = &types.EnclaveOptions{Enabled: aws.Bool(false)}
		},
		types.InstanceAttributeNameGroupSet: func(o *out) {
			if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok {
				o.Groups = network.GroupNames(&r.EC2.Network, n.Groups)
			}
		},
		types.InstanceAttributeNameInstanceInitiatedShutdownBehavior: func(o *out) {
			o.InstanceInitiatedShutdownBehavior = text(i.ShutdownBehavior)
		},
		types.InstanceAttributeNameInstanceType:   func(o *out) { o.InstanceType = text(i.Type) },
		types.InstanceAttributeNameKernel:         func(o *out) { o.KernelId = text("") },
		types.InstanceAttributeNameProductCodes:   func(o *out) { o.ProductCodes = []types.ProductCode{} },
		types.InstanceAttributeNameRamdisk:        func(o *out) { o.RamdiskId = text("") },
		types.InstanceAttributeNameRootDeviceName: func(o *out) { o.RootDeviceName = text(i.RootDevice) },
		types.InstanceAttributeNameSourceDestCheck: func(o *out) {
			if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok {
				o.SourceDestCheck = flag(network.SourceChecked(n))
			}
		},
		types.InstanceAttributeNameSriovNetSupport: func(o *out) { o.SriovNetSupport = text("simple") },
		types.InstanceAttributeNameUserData:        func(o *out) { o.UserData = text(i.UserData) },
	}
}

// ModifyInstanceAttribute changes what may change of an instance; its type and its user data only while it is stopped.
func ModifyInstanceAttribute(c *world.Call, in *ec2.ModifyInstanceAttributeInput) (*ec2.ModifyInstanceAttributeOutput, error) {
	i, err := instanceKind().Need(c.Region, "instanceId", in.InstanceId)
	if err != nil {
		return nil, err
	}
	if in.Attribute != "" {
		spelled := *in
		if err := spell(&spelled); err != nil {
			return nil, err
		}
		in = &spelled
	}
	steps := []func(*world.Call, *world.Instance, *ec2.ModifyInstanceAttributeInput) error{modifyStopped, modifyGroups, modifyFlags}
	for _, step := range steps {
		if err := step(c, i, in); err != nil {
			return nil, err
		}
	}
	return &ec2.ModifyInstanceAttributeOutput{}, nil
}

// spell turns the attribute-and-value form of the call into the one with a member for each attribute.
func spell(in *ec2.ModifyInstanceAttributeInput) error {
	value := aws.ToString(in.Value)
	on, err := strconv.ParseBool(value)
	flag := &types.AttributeBooleanValue{Value: aws.Bool(on)}
	switch in.Attribute {
	case types.InstanceAttributeNameInstanceType:
		in.InstanceType = &types.AttributeValue{Value: in.Value}
		return nil
	case types.InstanceAttributeNameInstanceInitiatedShutdownBehavior:
		in.InstanceInitiatedShutdownBehavior = &types.AttributeValue{Value: in.Value}
		return nil
	case types.InstanceAttributeNameUserData:
		b, _ := base64.StdEncoding.DecodeString(value)
		in.UserData = &types.SecureBlobAttributeValue{Value: b}
		return checkUserData(value)
	case types.InstanceAttributeNameDisableApiTermination:
		in.DisableApiTermination = flag
	case types.InstanceAttributeNameDisableApiStop:
		in.DisableApiStop = flag
	case types.InstanceAttributeNameEbsOptimized:
		in.EbsOptimized = flag
	case types.InstanceAttributeNameSourceDestCheck:
		in.SourceDestCheck = flag
	default:
		return listing.Invalid("Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
	}
	if err != nil {
		return listing.Invalid("Invalid value '%s' for %s.", value, in.Attribute)
	}
	return nil
}

// modifyStopped changes what needs a stopped instance.
func modifyStopped(_ *world.Call, i *world.Instance, in *ec2.ModifyInstanceAttributeInput) error {
	if in.InstanceType == nil && in.UserData == nil && in.EbsOptimized == nil {
		return nil
	}
	if i.State != world.InstanceStopped {
		return wire.Errorf("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	if in.UserData != nil {
		if len(in.UserData.Value) > mostUserData {
			return listing.Invalid("User data is limited to %d bytes", mostUserData)
		}
		i.UserData = base64.StdEncoding.EncodeToString(in.UserData.Value)
	}
	if in.EbsOptimized != nil {
		i.EBSOptimized = aws.ToBool(in.EbsOptimized.Value)
	}
	if in.InstanceType == nil {
		return nil
	}
	t, err := findType(aws.ToString(in.InstanceType.Value))
	if err != nil {
		return err
	}
	if !slices.Contains(t.architectures(), i.Architecture) {
		return listing.Invalid("The architecture '%s' of the specified instance type does not match the architecture '%s' of the instance's image.",
			t.Architecture, i.Architecture)
	}
	i.Type, i.VCPUs, i.QuotaCode = t.Name, t.VCPUs, t.quotaCode(i.Spot)
	return nil
}

// modifyGroups replaces the security groups of the primary interface.
func modifyGroups(c *world.Call, i *world.Instance, in *ec2.ModifyInstanceAttributeInput) error {
	n, ok := c.Region.EC2.Interfaces.Get(i.InterfaceID)
	if !ok {
		return nil
	}
	if in.SourceDestCheck != nil {
		n.NoSourceCheck = !aws.ToBool(in.SourceDestCheck.Value)
	}
	if len(in.Groups) == 0 {
		return nil
	}
	if err := network.GroupsOfVPC(c.Region, n.VPCID, in.Groups); err != nil {
		return err
	}
	n.Groups = slices.Clone(in.Groups)
	return nil
}

// modifyFlags changes what may change at any time.
func modifyFlags(_ *world.Call, i *world.Instance, in *ec2.ModifyInstanceAttributeInput) error {
	if b := in.InstanceInitiatedShutdownBehavior; b != nil {
		v := types.ShutdownBehavior(aws.ToString(b.Value))
		if !slices.Contains(v.Values(), v) {
			return listing.Invalid("Invalid value '%s' for instanceInitiatedShutdownBehavior.", v)
		}
		i.ShutdownBehavior = string(v)
	}
	if in.DisableApiTermination != nil {
		i.Protected = aws.ToBool(in.DisableApiTermination.Value)
	}
	if in.DisableApiStop != nil {
		i.StopProtected = aws.ToBool(in.DisableApiStop.Value)
	}
	return nil
}
