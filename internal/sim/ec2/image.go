package ec2

import (
	"fmt"
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

// apiTime is how EC2 prints the times that it sends as text.
const apiTime = "2006-01-02T15:04:05.000Z"

// deprecated is when AWS stops listing the image: two years after it was made (EC2 user guide, "Deprecate an AMI").
func (i Image) deprecated() time.Time { return i.Created.AddDate(2, 0, 0) }

// DescribeImages lists the public images. Deprecated ones show only when they are asked for by id or by flag.
func DescribeImages(c *world.Call, in *ec2.DescribeImagesInput) (*ec2.DescribeImagesOutput, error) {
	rows, err := pickImages(c, in)
	if err != nil {
		return nil, err
	}
	rows, err = listing.Sift(slices.Values(rows), in.Filters, imageFields(), func(*Image) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, IDs: len(in.ImageIds) > 0})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeImagesOutput{NextToken: next, Images: listing.Each(rows, imageOut)}
	return out, nil
}

func pickImages(c *world.Call, in *ec2.DescribeImagesInput) ([]*Image, error) {
	for _, id := range in.ImageIds {
		if _, err := findImage(c.World, c.Region, id); err != nil {
			return nil, err
		}
	}
	all := aws.ToBool(in.IncludeDeprecated) || len(in.ImageIds) > 0
	var out []*Image
	for i := range Images(c.Region.Name, c.Now()) {
		asked := len(in.ImageIds) == 0 || slices.Contains(in.ImageIds, i.ID)
		if asked && (all || i.deprecated().After(c.Now())) && i.ownedBy(in.Owners) && executableBy(in.ExecutableUsers) {
			out = append(out, &i)
		}
	}
	return out, nil
}

// ownedBy tells whether one of the owners asked for is the image's; no owner asked for is any.
func (i Image) ownedBy(owners []string) bool {
	return len(owners) == 0 || slices.Contains(owners, i.OwnerID) || slices.Contains(owners, ownerAlias)
}

// executableBy tells whether public images are asked for; none here was shared with one account.
func executableBy(users []string) bool { return len(users) == 0 || slices.Contains(users, "all") }

// findImage looks an image up for a launch or a description.
func findImage(w *world.World, r *world.Region, id string) (Image, error) {
	if i, ok := FindImage(r.Name, id, w.Now()); ok {
		return i, nil
	}
	if !listing.WellFormed("ami", id) {
		return Image{}, wire.Errorf("InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")", id)
	}
	return Image{}, wire.Errorf("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id)
}

func imageFields() listing.Fields[Image] {
	return listing.Fields[Image]{
		"architecture":        func(i *Image) []string { return listing.One(i.Architecture) },
		"creation-date":       func(i *Image) []string { return listing.Moment(i.Created) },
		"description":         func(i *Image) []string { return listing.One(i.Description) },
		"ena-support":         func(*Image) []string { return listing.Yes(true) },
		"hypervisor":          func(*Image) []string { return listing.One(types.HypervisorTypeXen) },
		"image-id":            func(i *Image) []string { return listing.One(i.ID) },
		"image-type":          func(*Image) []string { return listing.One(types.ImageTypeValuesMachine) },
		"is-public":           func(*Image) []string { return listing.Yes(true) },
		"manifest-location":   func(i *Image) []string { return listing.One(ownerAlias + "/" + i.Name) },
		"name":                func(i *Image) []string { return listing.One(i.Name) },
		"owner-alias":         func(*Image) []string { return listing.One(ownerAlias) },
		"owner-id":            func(i *Image) []string { return listing.One(i.OwnerID) },
		"platform":            func(*Image) []string { return nil },
		"root-device-name":    func(*Image) []string { return listing.One(rootDevice) },
		"root-device-type":    func(*Image) []string { return listing.One(types.DeviceTypeEbs) },
		"state":               func(*Image) []string { return listing.One(types.ImageStateAvailable) },
		"virtualization-type": func(*Image) []string { return listing.One(types.VirtualizationTypeHvm) },
		"kernel-id":           func(*Image) []string { return nil },
		"product-code":        func(*Image) []string { return nil },
		"ramdisk-id":          func(*Image) []string { return nil },
		"state-reason-code":   func(*Image) []string { return nil },

		"block-device-mapping.delete-on-termination": func(*Image) []string { return listing.Yes(true) },
		"block-device-mapping.encrypted":             func(*Image) []string { return listing.Yes(false) },
		"block-device-mapping.device-name": func(i *Image) []string {
			return listing.Gather(i.disks(), func(d disk) string { return d.name })
		},
		"block-device-mapping.snapshot-id": func(i *Image) []string {
			return listing.Gather(i.disks(), func(d disk) string { return d.snapshot })
		},
		"block-device-mapping.volume-size": func(i *Image) []string {
			return listing.Gather(i.disks(), func(d disk) string { return fmt.Sprint(d.size) })
		},
		"block-device-mapping.volume-type": func(i *Image) []string {
			return listing.Gather(i.disks(), func(d disk) string { return d.kind })
		},
	}
}

const rootDevice = "/dev/xvda"

// disk is a volume that an image brings along.
type disk struct {
	name, snapshot, kind string
	size                 int // GiB
}

// disks are an ECS-optimized image's one volume of 30 GiB, or Bottlerocket's two: the system and its data.
func (i Image) disks() []disk {
	root := disk{name: rootDevice, snapshot: i.snapshot("root"), kind: i.line.disk, size: 30}
	if !i.line.bottlerocket() {
		return []disk{root}
	}
	root.size = 2
	return []disk{root, {name: "/dev/xvdb", snapshot: i.snapshot("data"), kind: i.line.disk, size: 20}}
}

func (i Image) snapshot(part string) string { return "snap-0" + digits(i.ID+"/"+part, 16) }

func imageOut(i *Image) types.Image {
	v := types.Image{
		ImageId: aws.String(i.ID), Name: aws.String(i.Name), Description: aws.String(i.Description),
		ImageLocation: aws.String(ownerAlias + "/" + i.Name), ImageOwnerAlias: aws.String(ownerAlias),
		OwnerId: aws.String(i.OwnerID), Public: aws.Bool(true), State: types.ImageStateAvailable,
		Architecture: types.ArchitectureValues(i.Architecture), ImageType: types.ImageTypeValuesMachine,
		CreationDate: aws.String(i.Created.Format(apiTime)), DeprecationTime: aws.String(i.deprecated().Format(apiTime)),
		EnaSupport: aws.Bool(true), SriovNetSupport: aws.String("simple"), Hypervisor: types.HypervisorTypeXen,
		VirtualizationType: types.VirtualizationTypeHvm, BootMode: i.bootMode(),
		RootDeviceName: aws.String(rootDevice), RootDeviceType: types.DeviceTypeEbs,
		PlatformDetails: aws.String("Linux/UNIX"), UsageOperation: aws.String("RunInstances"),
		DeregistrationProtection: aws.String("disabled"), ImageAllowed: aws.Bool(true),
		FreeTierEligible: aws.Bool(false),
	}
	if i.System() == "Amazon Linux 2023" {
		v.ImdsSupport = types.ImdsSupportValuesV20
	}
	for _, d := range i.disks() {
		v.BlockDeviceMappings = append(v.BlockDeviceMappings, diskOut(d))
	}
	return v
}

func (i Image) bootMode() types.BootModeValues {
	if i.Architecture == "arm64" {
		return types.BootModeValuesUefi
	}
	if strings.HasPrefix(i.System(), "Amazon Linux 2023") {
		return types.BootModeValuesUefiPreferred
	}
	return ""
}

func diskOut(d disk) types.BlockDeviceMapping {
	e := &types.EbsBlockDevice{
		DeleteOnTermination: aws.Bool(true), Encrypted: aws.Bool(false), SnapshotId: aws.String(d.snapshot),
		VolumeSize: aws.Int32(int32(d.size)), VolumeType: types.VolumeType(d.kind),
	}
	if d.kind == "gp3" {
		e.Iops, e.Throughput = aws.Int32(3000), aws.Int32(125)
	}
	return types.BlockDeviceMapping{DeviceName: aws.String(d.name), Ebs: e}
}
