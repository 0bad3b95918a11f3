package ec2

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Launch settings occur in three shapes that name their members alike: a template's request, its answer, and
// RunInstances. The request's is the one that is kept, as JSON, so that nothing that was written is lost.
type launchData = types.RequestLaunchTemplateData

// retype turns a value into another type whose members have the same names.
func retype[To any](from any) (To, error) {
	var to To
	b, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(b, &to)
	}
	if err != nil {
		return to, wire.Errorf("InternalError", "An internal error has occurred: %s", err).WithStatus(500)
	}
	return to, nil
}

// readData gives a template version's settings back as they were written.
func readData(v *world.LaunchTemplateVersion) (launchData, error) { return retype[launchData](v.Data) }

// overlay puts the members of top that are set over those of base.
func overlay(base, top launchData) launchData {
	out, over := reflect.ValueOf(&base).Elem(), reflect.ValueOf(top)
	for i := range over.NumField() {
		if f := over.Field(i); out.Field(i).CanSet() && !f.IsZero() {
			out.Field(i).Set(f)
		}
	}
	return base
}

// runData is what RunInstances asks for beside its template.
func runData(in *ec2.RunInstancesInput) (launchData, error) {
	data, err := retype[launchData](in)
	data.ElasticGpuSpecifications = in.ElasticGpuSpecification //nolint:staticcheck // what was written is read back, old fields too
	return data, err
}

// mostUserData is how many bytes user data may have before base64 (EC2 user guide, "User data").
const mostUserData = 16384

// checkData refuses settings that EC2 refuses before anything is launched.
func checkData(d launchData) error {
	if err := checkUserData(aws.ToString(d.UserData)); err != nil {
		return err
	}
	for _, s := range d.TagSpecifications {
		if err := checkTagged(s); err != nil {
			return err
		}
	}
	for _, m := range d.BlockDeviceMappings {
		if err := checkMapping(m); err != nil {
			return err
		}
	}
	if p := d.IamInstanceProfile; p != nil && p.Arn != nil && p.Name != nil {
		return wire.Errorf("InvalidParameterCombination",
			"The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
	}
	if o := d.InstanceMarketOptions; o != nil && o.MarketType == "" {
		return listing.Missing("MarketType")
	}
	return nil
}

func checkUserData(text string) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return wire.Errorf("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	}
	if len(b) > mostUserData {
		return listing.Invalid("User data is limited to %d bytes", mostUserData)
	}
	return nil
}

func checkTagged(s types.LaunchTemplateTagSpecificationRequest) error {
	known := []types.ResourceType{
		types.ResourceTypeInstance, types.ResourceTypeVolume, types.ResourceTypeNetworkInterface,
		types.ResourceTypeSpotInstancesRequest, types.ResourceTypeElasticGpu,
	}
	if !slices.Contains(known, s.ResourceType) {
		return listing.Invalid("'%s' is not a valid taggable resource type for this operation.", s.ResourceType)
	}
	_, err := listing.FromTags(s.Tags)
	return err
}

// checkMapping holds a volume to what its type can do (EBS user guide, "Amazon EBS volume types").
func checkMapping(m types.LaunchTemplateBlockDeviceMappingRequest) error {
	if aws.ToString(m.DeviceName) == "" {
		return listing.Missing("DeviceName")
	}
	e := m.Ebs
	if e == nil {
		return nil
	}
	kind := e.VolumeType
	if e.KmsKeyId != nil && !aws.ToBool(e.Encrypted) {
		return listing.Invalid("The parameter KmsKeyId requires the parameter Encrypted to be set.")
	}
	if kind == "" { // the image's type holds
		return nil
	}
	if !slices.Contains(kind.Values(), kind) {
		return listing.Invalid("Invalid value '%s' for VolumeType.", kind)
	}
	if e.Throughput != nil && kind != types.VolumeTypeGp3 {
		return wire.Errorf("InvalidParameterCombination", "The parameter throughput is not supported for %s volumes.", kind)
	}
	provisioned := kind == types.VolumeTypeIo1 || kind == types.VolumeTypeIo2
	if provisioned && e.Iops == nil {
		return wire.Errorf("MissingParameter", "The parameter iops must be specified for %s volumes.", kind)
	}
	if e.Iops != nil && !provisioned && kind != types.VolumeTypeGp3 {
		return wire.Errorf("InvalidParameterCombination", "The parameter iops is not supported for %s volumes.", kind)
	}
	return checkFigures(e)
}

// dataTags are the tags that launch settings give to one kind of resource.
func dataTags(d launchData, resource types.ResourceType) (world.Tags, error) {
	var out world.Tags
	for _, s := range d.TagSpecifications {
		if s.ResourceType != resource {
			continue
		}
		tags, err := listing.FromTags(s.Tags)
		if err != nil {
			return nil, err
		}
		out = out.Set(tags...)
	}
	return out, nil
}
