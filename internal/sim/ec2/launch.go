package ec2

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// LaunchSpec is what an Auto Scaling group asks for: one instance of a launch template in one subnet.
type LaunchSpec struct {
	Data            json.RawMessage // launch settings as a template version keeps them, instead of a template; may be nil
	TemplateID      string
	TemplateVersion string // a number, $Latest or $Default; empty is the default version
	InstanceType    string // instead of the template's; may be empty
	SubnetID        string
	Spot            bool
	Tags            world.Tags // over the template's
	Owner           string     // the group's name
}

// Launch starts one instance from a launch template. What EC2 would refuse is a *wire.Error with EC2's code:
// InvalidAMIID.NotFound, InvalidKeyPair.NotFound, InvalidGroup.NotFound, InvalidParameterValue (an instance profile
// that EC2 does not see yet), Unsupported (the type is not offered in the zone), VcpuLimitExceeded,
// InsufficientInstanceCapacity, InsufficientFreeAddressesInSubnet, and those of launch templates.
func Launch(w *world.World, r *world.Region, spec LaunchSpec) (*world.Instance, error) {
	o, err := spec.order(r)
	if err != nil {
		return nil, err
	}
	l, err := resolve(w, r, o)
	if err != nil {
		return nil, err
	}
	made, err := l.start(1, 1)
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// order makes a wish out of what a group asks for.
func (spec LaunchSpec) order(r *world.Region) (order, error) {
	o := order{subnet: spec.SubnetID, spot: spec.Spot, tags: spec.Tags, owner: spec.Owner}
	settings := &world.LaunchTemplateVersion{Data: spec.Data}
	if spec.Data == nil {
		t, v, err := FindTemplate(r, spec.TemplateID, "", spec.TemplateVersion)
		if err != nil {
			return o, err
		}
		o.template, o.version, settings = t.ID, strconv.FormatInt(v.Number, 10), v
	}
	var err error
	if o.data, err = readData(settings); err == nil && spec.InstanceType != "" {
		o.data.InstanceType = types.InstanceType(spec.InstanceType)
	}
	return o, err
}

// order is a wish for instances before anything in it has been looked up.
type order struct {
	data              launchData
	subnet            string // instead of the data's; may be empty
	privateIP         string
	spot              bool
	template, version string
	owner, token      string
	tags              world.Tags // of the instances, over the data's
}

// launch is an order whose every name stands for something that is there.
type launch struct {
	order
	w       *world.World
	r       *world.Region
	image   Image
	kind    InstanceType
	at      *world.Subnet
	network types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest // of the primary interface
	groups  []string
	profile *world.InstanceProfile
	disks   []volumeWish
	volTags world.Tags
	eniTags world.Tags
}

// resolve looks everything up that an order names, in the order in which EC2 complains.
func resolve(w *world.World, r *world.Region, o order) (*launch, error) {
	l := &launch{order: o, w: w, r: r}
	if m := o.data.InstanceMarketOptions; m != nil && m.MarketType == types.MarketTypeSpot {
		l.spot = true
	}
	steps := []func() error{
		l.findImage, l.findKind, l.findSubnet, l.findGroups, l.findKey, l.findProfile, l.findDisks, l.findTags,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *launch) findImage() error {
	if aws.ToString(l.data.ImageId) == "" {
		return listing.Missing("ImageId")
	}
	id, err := resolveAlias(l.w, l.r, *l.data.ImageId)
	if err != nil {
		return err
	}
	l.image, err = findImage(l.w, l.r, id)
	return err
}

func (l *launch) findKind() (err error) {
	if l.data.InstanceType == "" {
		return listing.Missing("InstanceType")
	}
	if l.kind, err = findType(string(l.data.InstanceType)); err != nil {
		return err
	}
	if !slices.Contains(l.kind.architectures(), l.image.Architecture) {
		return listing.Invalid("The architecture '%s' of the specified instance type does not match the architecture '%s' of "+
			"the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You "+
			"can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.",
			strings.Join(l.kind.architectures(), ","), l.image.Architecture)
	}
	return nil
}

// findSubnet settles the primary interface, its subnet, and whether the zone has the instance type at all.
func (l *launch) findSubnet() error {
	if n := l.data.NetworkInterfaces; len(n) > 0 {
		if len(n) > 1 || aws.ToInt32(n[0].DeviceIndex) != 0 || n[0].NetworkInterfaceId != nil {
			return listing.Unsimulated("more than one network interface at launch, or an existing one")
		}
		if len(l.data.SecurityGroupIds)+len(l.data.SecurityGroups) > 0 {
			return wire.Errorf("InvalidParameterCombination",
				"Network interfaces and an instance-level security groups may not be specified on the same request")
		}
		l.network = n[0]
	}
	id := l.subnet
	if id == "" {
		id = aws.ToString(l.network.SubnetId)
	}
	if id == "" {
		return wire.Errorf("VPCIdNotSpecified", "No default VPC for this user")
	}
	var err error
	if l.at, err = network.Subnets().Find(l.r, id); err != nil {
		return err
	}
	if p := l.data.Placement; p != nil && p.AvailabilityZone != nil && *p.AvailabilityZone != l.at.Zone {
		return listing.Invalid("The availability zone '%s' and subnet '%s' do not match.", *p.AvailabilityZone, l.at.ID)
	}
	return l.offered()
}

func (l *launch) offered() error {
	if l.kind.OfferedIn(l.r.Name, l.at.Zone) {
		return nil
	}
	return wire.Errorf("Unsupported", "Your requested instance type (%s) is not supported in your requested Availability "+
		"Zone (%s). Please retry your request by not specifying an Availability Zone or choosing %s.",
		l.kind.Name, l.at.Zone, strings.Join(l.kind.zonesWith(l.r.Name), ", "))
}

func (l *launch) findGroups() error {
	if len(l.data.SecurityGroups) > 0 {
		return wire.Errorf("InvalidParameterCombination", "The parameter groupName cannot be used with the parameter subnet")
	}
	l.groups = slices.Concat(l.data.SecurityGroupIds, l.network.Groups)
	for _, id := range l.groups {
		g, ok := l.r.EC2.SecurityGroups.Get(id)
		if !ok {
			return wire.Errorf("InvalidGroup.NotFound", "The security group '%s' does not exist", id)
		}
		if g.VPCID != l.at.VPCID {
			return wire.Errorf("InvalidParameter", "Security group %s and subnet %s belong to different networks.", id, l.at.ID)
		}
	}
	return nil
}

func (l *launch) findKey() error {
	name := aws.ToString(l.data.KeyName)
	if name == "" {
		return nil
	}
	_, err := keyByName(l.r, name)
	return err
}

// findProfile looks for the instance profile as EC2 sees it, which is some seconds behind IAM.
func (l *launch) findProfile() error {
	p := l.data.IamInstanceProfile
	if p == nil || (p.Arn == nil && p.Name == nil) {
		return nil
	}
	parameter, value, noun := "name", aws.ToString(p.Name), "name"
	if p.Arn != nil {
		parameter, value, noun = "arn", *p.Arn, "ARN"
	}
	for row := range l.w.IAM.Profiles.Rows() {
		if row.Name == value && p.Arn == nil || row.ARN == value && p.Arn != nil {
			l.profile = row
		}
	}
	switch {
	case l.profile == nil || l.profile.Visible.After(l.w.Now()):
		return listing.Invalid("Value (%s) for parameter iamInstanceProfile.%s is invalid. Invalid IAM Instance Profile %s", value, parameter, noun)
	case len(l.profile.Roles) == 0:
		return listing.Invalid("IAM Instance Profile \"%s\" has no associated IAM Roles", l.profile.ARN)
	}
	return nil
}

func (l *launch) findTags() error {
	tags, err := dataTags(l.data, types.ResourceTypeInstance)
	if err != nil {
		return err
	}
	l.tags = tags.Set(l.tags...)
	if len(l.tags) > listing.MostTags {
		return listing.TooManyTags()
	}
	if l.volTags, err = dataTags(l.data, types.ResourceTypeVolume); err != nil {
		return err
	}
	l.eniTags, err = dataTags(l.data, types.ResourceTypeNetworkInterface)
	return err
}

// room tells whether n instances of the kind can be had now: addresses, then quota, then capacity.
func (l *launch) room(n int) error {
	if l.r.EC2.Interfaces.Len()+n > l.r.Quota(network.QuotaInterfaces) {
		return wire.Errorf("NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached.")
	}
	if network.Free(l.at) < n {
		return wire.Errorf("InsufficientFreeAddressesInSubnet",
			"There are not enough free addresses in subnet '%s' to satisfy the requested number of instances.", l.at.ID)
	}
	if err := checkVCPUs(l.r, l.kind.quotaCode(l.spot), n*l.kind.VCPUs); err != nil {
		return err
	}
	return checkCapacity(l.w, l.r, wanted{l.kind, l.at.Zone, l.spot})
}

// wanted is an instance as AWS's stock of machines sees it.
type wanted struct {
	kind InstanceType
	zone string
	spot bool
}

// checkCapacity refuses an instance that is short at the moment.
func checkCapacity(w *world.World, r *world.Region, x wanted) error {
	short := func(zone string) bool {
		return slices.ContainsFunc(r.EC2.Shortages, func(s world.Shortage) bool {
			return (s.Type == "" || s.Type == x.kind.Name) && (s.Zone == "" || s.Zone == zone) &&
				(x.spot || !s.SpotOnly) && (s.Until.IsZero() || s.Until.After(w.Now()))
		})
	}
	if !short(x.zone) {
		return nil
	}
	if x.spot {
		return wire.Errorf("InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.").WithStatus(500)
	}
	text := "We currently do not have sufficient " + x.kind.Name + " capacity in the Availability Zone you requested (" + x.zone +
		"). Our system will be working on provisioning additional capacity."
	if rest := slices.DeleteFunc(x.kind.zonesWith(r.Name), short); len(rest) > 0 {
		text += " You can currently get " + x.kind.Name + " capacity by not specifying an Availability Zone in your request or choosing " +
			strings.Join(rest, ", ") + "."
	}
	return (&wire.Error{Code: "InsufficientInstanceCapacity", Message: text}).WithStatus(500)
}

// start launches as many instances as there is room for, between least and most, under one reservation.
func (l *launch) start(least, most int) ([]*world.Instance, error) {
	n, err := most, l.room(most)
	for ; err != nil && n > least; err = l.room(n) {
		n--
	}
	if err != nil {
		return nil, err
	}
	if l.spot {
		l.w.Used("spot.amazonaws.com")
	}
	reservation := l.w.NewID("r")
	made := make([]*world.Instance, 0, n)
	for index := range n {
		i := l.instance(reservation, index)
		if err := l.connect(i); err != nil {
			return nil, err
		}
		for _, d := range l.disks {
			l.attach(i, d)
		}
		charge(l.r, i)
		l.r.EC2.Instances.Put(i.ID, i)
		begin(l.w, l.r, i)
		made = append(made, i)
	}
	return made, nil
}

// connect gives an instance its primary interface.
func (l *launch) connect(i *world.Instance) error {
	n, err := network.NewInterface(l.w, l.r, world.Interface{
		SubnetID: l.at.ID, Groups: l.groups, InstanceID: i.ID, Description: aws.ToString(l.network.Description),
		PrivateIP: or(l.privateIP, aws.ToString(l.network.PrivateIpAddress)), Tags: l.eniTags,
		KeepOnTermination: l.network.DeleteOnTermination != nil && !*l.network.DeleteOnTermination,
	})
	if err != nil {
		return err
	}
	i.InterfaceID, i.PrivateIP = n.ID, n.PrivateIP
	i.AutoPublicIP = l.at.MapPublicIP
	if l.network.AssociatePublicIpAddress != nil {
		i.AutoPublicIP = *l.network.AssociatePublicIpAddress
	}
	lendPublicIP(l.w, l.r, i)
	return nil
}

// lendPublicIP gives the primary interface one of Amazon's addresses if the instance is to have one and has none.
func lendPublicIP(w *world.World, r *world.Region, i *world.Instance) {
	n, ok := r.EC2.Interfaces.Get(i.InterfaceID)
	if !ok || !i.AutoPublicIP || n.PublicIP != "" {
		return
	}
	n.PublicIP = network.NewPublicIP(w)
	i.PublicIP = n.PublicIP
}

// instance fills a row in; the network and the disks come later.
func (l *launch) instance(reservation string, index int) *world.Instance {
	i := &world.Instance{
		ID: l.w.NewID("i"), ReservationID: reservation, LaunchIndex: index, ClientToken: l.token,
		Type: l.kind.Name, VCPUs: l.kind.VCPUs, QuotaCode: l.kind.quotaCode(l.spot),
		ImageID: l.image.ID, Architecture: l.image.Architecture, RootDevice: rootDevice,
		SubnetID: l.at.ID, VPCID: l.at.VPCID, Zone: l.at.Zone,
		KeyName: aws.ToString(l.data.KeyName), UserData: aws.ToString(l.data.UserData),
		Spot: l.spot, Tags: l.tags, TemplateID: l.template, TemplateVersion: l.version, Owner: l.owner,
		Protected: aws.ToBool(l.data.DisableApiTermination), StopProtected: aws.ToBool(l.data.DisableApiStop),
		ShutdownBehavior: or(string(l.data.InstanceInitiatedShutdownBehavior), "stop"),
		Monitored:        l.data.Monitoring != nil && aws.ToBool(l.data.Monitoring.Enabled),
		EBSOptimized:     aws.ToBool(l.data.EbsOptimized),
		Metadata:         l.metadata(), CreditMode: l.credit(), Tenancy: "default",
		HostnameType: or(l.at.HostnameType, "ip-name"), NameA: l.at.NameRecordA,
	}
	if o := l.data.PrivateDnsNameOptions; o != nil {
		i.HostnameType = or(string(o.HostnameType), i.HostnameType)
		i.NameA, i.NameAAAA = aws.ToBool(o.EnableResourceNameDnsARecord), aws.ToBool(o.EnableResourceNameDnsAAAARecord)
	}
	if p := l.data.Placement; p != nil {
		i.Tenancy = or(string(p.Tenancy), i.Tenancy)
	}
	if l.profile != nil {
		i.ProfileName, i.ProfileARN, i.ProfileID = l.profile.Name, l.profile.ARN, l.profile.ID
	}
	if l.spot {
		i.SpotRequestID = "sir-" + l.w.Hex(8)
	}
	return i
}

// or is the first text unless it is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// metadata is what the image asks for under what the launch asks for; Amazon Linux 2023 requires tokens.
func (l *launch) metadata() world.MetadataOptions {
	m := world.MetadataOptions{Endpoint: "enabled", Tokens: "optional", IPv6: "disabled", Tags: "disabled", HopLimit: 1}
	if l.image.System() == "Amazon Linux 2023" {
		m.Tokens, m.HopLimit = "required", 2
	}
	o := l.data.MetadataOptions
	if o == nil {
		return m
	}
	m.Endpoint, m.Tokens = or(string(o.HttpEndpoint), m.Endpoint), or(string(o.HttpTokens), m.Tokens)
	m.IPv6, m.Tags = or(string(o.HttpProtocolIpv6), m.IPv6), or(string(o.InstanceMetadataTags), m.Tags)
	if o.HttpPutResponseHopLimit != nil {
		m.HopLimit = int(*o.HttpPutResponseHopLimit)
	}
	return m
}

// credit is the CPU credit option: T2 starts as standard, later burstable families as unlimited.
func (l *launch) credit() string {
	switch {
	case !l.kind.Burstable:
		return ""
	case l.data.CreditSpecification != nil && l.data.CreditSpecification.CpuCredits != nil:
		return *l.data.CreditSpecification.CpuCredits
	case l.kind.Family == "t2":
		return "standard"
	default:
		return "unlimited"
	}
}
