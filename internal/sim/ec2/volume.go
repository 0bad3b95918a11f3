package ec2

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func volumeKind() listing.Kind[world.Volume] {
	return listing.Kind[world.Volume]{
		Resource: types.ResourceTypeVolume, Prefix: "vol",
		Missing: "InvalidVolume.NotFound", Malformed: "InvalidVolumeID.Malformed",
		Text:  "The volume '%s' does not exist.",
		Table: func(r *world.Region) *world.Table[world.Volume] { return &r.EC2.Volumes },
		Tags:  func(v *world.Volume) *world.Tags { return &v.Tags },
	}
}

// volumeWish is a volume that an instance is to bring along.
type volumeWish struct {
	device string
	like   world.Volume // what it shall be
	keep   bool         // after the instance's termination
}

// findDisks lays the order's block devices over the image's.
func (l *launch) findDisks() error {
	for _, d := range l.image.disks() {
		l.disks = append(l.disks, volumeWish{d.name, world.Volume{Type: d.kind, Size: d.size, SnapshotID: d.snapshot}, false})
	}
	for _, m := range l.data.BlockDeviceMappings {
		if err := l.mapDisk(m); err != nil {
			return err
		}
	}
	for i := range l.disks {
		complete(l.r, &l.disks[i].like)
	}
	return nil
}

// mapDisk changes, adds or removes one device.
func (l *launch) mapDisk(m types.LaunchTemplateBlockDeviceMappingRequest) error {
	name := aws.ToString(m.DeviceName)
	at := slices.IndexFunc(l.disks, func(d volumeWish) bool { return d.device == name })
	if m.NoDevice != nil {
		if at >= 0 {
			l.disks = slices.Delete(l.disks, at, at+1)
		}
		return nil
	}
	if m.Ebs == nil { // an instance store volume, which this simulator does not keep
		return nil
	}
	if at < 0 {
		at = len(l.disks)
		l.disks = append(l.disks, volumeWish{device: name, like: world.Volume{Type: "gp2"}})
	}
	d := &l.disks[at]
	least := d.like.Size
	wish(d, m.Ebs)
	if d.like.Size < least {
		return wire.Errorf("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot '%s', expect size>= %dGB",
			d.like.Size, d.like.SnapshotID, least)
	}
	if d.like.Size == 0 {
		return wire.Errorf("MissingParameter", "The request must contain the parameter size or snapshotId")
	}
	return nil
}

func wish(d *volumeWish, e *types.LaunchTemplateEbsBlockDeviceRequest) {
	v := &d.like
	v.Type = cmp.Or(string(e.VolumeType), v.Type)
	v.Size = int(cmp.Or(aws.ToInt32(e.VolumeSize), int32(v.Size)))
	v.IOPS, v.Throughput = int(aws.ToInt32(e.Iops)), int(aws.ToInt32(e.Throughput))
	v.SnapshotID = cmp.Or(aws.ToString(e.SnapshotId), v.SnapshotID)
	v.Encrypted, v.KMSKeyID = aws.ToBool(e.Encrypted), aws.ToString(e.KmsKeyId)
	d.keep = e.DeleteOnTermination != nil && !*e.DeleteOnTermination
}

// complete fills in what a volume has unless somebody says otherwise (EBS user guide, "Amazon EBS volume types").
func complete(r *world.Region, v *world.Volume) {
	switch v.Type {
	case "gp3":
		v.IOPS, v.Throughput = cmp.Or(v.IOPS, 3000), cmp.Or(v.Throughput, 125)
	case "gp2":
		v.IOPS, v.Throughput = min(max(100, 3*v.Size), 16000), 0
	}
	if v.Encrypted && v.KMSKeyID == "" { // the account's own key for volumes
		h := digits("aws/ebs/"+r.Name, 32)
		v.KMSKeyID = "arn:aws:kms:" + r.Name + ":" + world.Account + ":key/" +
			h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	}
}

// attach makes one of an instance's volumes.
func (l *launch) attach(i *world.Instance, d volumeWish) {
	v := d.like
	v.ID, v.Zone, v.State = l.w.NewID("vol"), i.Zone, "in-use"
	v.CreatedAt, v.AttachedAt = l.w.Now(), l.w.Now()
	v.InstanceID, v.Device, v.Tags = i.ID, d.device, l.volTags
	l.r.EC2.Volumes.Put(v.ID, &v)
	i.Devices = append(i.Devices, world.Device{Name: d.device, VolumeID: v.ID, DeleteOnTermination: !d.keep})
}

// detachAll lets the volumes of a terminated instance go, or be free.
func detachAll(r *world.Region, i *world.Instance) {
	for _, d := range i.Devices {
		v, ok := r.EC2.Volumes.Get(d.VolumeID)
		switch {
		case !ok:
		case d.DeleteOnTermination:
			r.EC2.Volumes.Delete(v.ID)
		default:
			v.State, v.InstanceID, v.Device = "available", "", ""
		}
	}
	i.Devices = nil
}

// DescribeVolumes lists volumes.
func DescribeVolumes(c *world.Call, in *ec2.DescribeVolumesInput) (*ec2.DescribeVolumesOutput, error) {
	rows, next, err := volumeKind().List(c.Region, listing.Query[world.Volume]{
		IDs: in.VolumeIds, Filters: in.Filters, Known: volumeFields(c.Region),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(v *world.Volume) types.Volume { return volumeOut(c.Region, v) })
	return &ec2.DescribeVolumesOutput{NextToken: next, Volumes: out}, nil
}

// deletedWithInstance tells what the device of an attached volume says; a free volume goes with nothing.
func deletedWithInstance(r *world.Region, v *world.Volume) bool {
	i, ok := r.EC2.Instances.Get(v.InstanceID)
	return ok && slices.ContainsFunc(i.Devices, func(d world.Device) bool { return d.VolumeID == v.ID && d.DeleteOnTermination })
}

func volumeFields(r *world.Region) listing.Fields[world.Volume] {
	type row = *world.Volume
	attached := func(f func(row) []string) func(row) []string {
		return func(v row) []string {
			if v.InstanceID == "" {
				return nil
			}
			return f(v)
		}
	}
	return listing.Fields[world.Volume]{
		"attachment.attach-time":           attached(func(v row) []string { return listing.Moment(v.AttachedAt) }),
		"attachment.delete-on-termination": attached(func(v row) []string { return listing.Yes(deletedWithInstance(r, v)) }),
		"attachment.device":                func(v row) []string { return listing.One(v.Device) },
		"attachment.instance-id":           func(v row) []string { return listing.One(v.InstanceID) },
		"attachment.status":                attached(func(row) []string { return listing.One(types.VolumeAttachmentStateAttached) }),
		"availability-zone":                func(v row) []string { return listing.One(v.Zone) },
		"availability-zone-id":             func(v row) []string { return listing.One(aws.ToString(network.ZoneID(r, v.Zone))) },
		"create-time":                      func(v row) []string { return listing.Moment(v.CreatedAt) },
		"encrypted":                        func(v row) []string { return listing.Yes(v.Encrypted) },
		"fast-restored":                    func(row) []string { return listing.Yes(false) },
		"multi-attach-enabled":             func(row) []string { return listing.Yes(false) },
		"size":                             func(v row) []string { return listing.Number(v.Size) },
		"snapshot-id":                      func(v row) []string { return listing.One(v.SnapshotID) },
		"status":                           func(v row) []string { return listing.One(v.State) },
		"volume-id":                        func(v row) []string { return listing.One(v.ID) },
		"volume-type":                      func(v row) []string { return listing.One(v.Type) },
	}
}

func volumeOut(r *world.Region, v *world.Volume) types.Volume {
	out := types.Volume{
		VolumeId: aws.String(v.ID), VolumeType: types.VolumeType(v.Type), Size: aws.Int32(int32(v.Size)),
		State: types.VolumeState(v.State), SnapshotId: aws.String(v.SnapshotID), CreateTime: aws.Time(v.CreatedAt),
		AvailabilityZone: aws.String(v.Zone), AvailabilityZoneId: network.ZoneID(r, v.Zone),
		Encrypted: aws.Bool(v.Encrypted), KmsKeyId: listing.Filled(v.KMSKeyID), MultiAttachEnabled: aws.Bool(false),
		Tags: listing.ToTags(v.Tags), Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
	if v.IOPS > 0 {
		out.Iops = aws.Int32(int32(v.IOPS))
	}
	if v.Throughput > 0 {
		out.Throughput = aws.Int32(int32(v.Throughput))
	}
	if v.InstanceID != "" {
		out.Attachments = []types.VolumeAttachment{{
			VolumeId: aws.String(v.ID), InstanceId: aws.String(v.InstanceID), Device: aws.String(v.Device),
			AttachTime: aws.Time(v.AttachedAt), State: types.VolumeAttachmentStateAttached,
			DeleteOnTermination: aws.Bool(deletedWithInstance(r, v)),
		}}
	}
	return out
}
