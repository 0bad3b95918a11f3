package ec2

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func templateKind() listing.Kind[world.LaunchTemplate] {
	return listing.Kind[world.LaunchTemplate]{
		Resource: types.ResourceTypeLaunchTemplate, Prefix: "lt",
		Missing: "InvalidLaunchTemplateId.NotFound", Malformed: "InvalidLaunchTemplateId.Malformed",
		Text:  "The specified launch template, with template ID %s, does not exist.",
		Table: func(r *world.Region) *world.Table[world.LaunchTemplate] { return &r.EC2.Templates },
		Tags:  func(t *world.LaunchTemplate) *world.Tags { return &t.Tags },
	}
}

var templateName = regexp.MustCompile(`^[a-zA-Z0-9().\-/_]{3,128}$`)

// CreateLaunchTemplate makes a template with its version 1.
func CreateLaunchTemplate(c *world.Call, in *ec2.CreateLaunchTemplateInput) (*ec2.CreateLaunchTemplateOutput, error) {
	once, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if t, ok := c.Region.EC2.Templates.Get(once.Made); ok {
		return &ec2.CreateLaunchTemplateOutput{LaunchTemplate: templateOut(t)}, nil
	}
	t, err := newTemplate(c, in)
	if err != nil {
		return nil, err
	}
	t.ID = c.NewID("lt")
	c.Region.EC2.Templates.Put(t.ID, t)
	once.Done(t.ID)
	return &ec2.CreateLaunchTemplateOutput{LaunchTemplate: templateOut(t)}, nil
}

func newTemplate(c *world.Call, in *ec2.CreateLaunchTemplateInput) (*world.LaunchTemplate, error) {
	name := aws.ToString(in.LaunchTemplateName)
	switch {
	case name == "":
		return nil, listing.Missing("LaunchTemplateName")
	case in.LaunchTemplateData == nil:
		return nil, listing.Missing("LaunchTemplateData")
	case !templateName.MatchString(name):
		return nil, wire.Errorf("InvalidLaunchTemplateName.MalformedException", "A launch template name must be between "+
			"3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.")
	}
	if _, err := templateByName(c.Region, name); err == nil {
		return nil, wire.Errorf("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeLaunchTemplate)
	if err != nil {
		return nil, err
	}
	t := &world.LaunchTemplate{Name: name, CreatedAt: c.Now(), Default: 1, Tags: tags}
	return t, addVersion(c, t, *in.LaunchTemplateData, in.VersionDescription)
}

// addVersion appends settings as the template's next version.
func addVersion(c *world.Call, t *world.LaunchTemplate, d launchData, description *string) error {
	if err := checkData(d); err != nil {
		return err
	}
	if len(aws.ToString(description)) > 255 {
		return listing.Invalid("Version description exceeds the maximum length of 255 characters")
	}
	b, err := json.Marshal(d)
	if err != nil {
		return listing.Invalid("The launch template data cannot be stored: %s", err)
	}
	t.Latest++
	t.Versions = append(t.Versions, world.LaunchTemplateVersion{
		Number: t.Latest, Description: aws.ToString(description), CreatedAt: c.Now(), Data: b,
	})
	return nil
}

// CreateLaunchTemplateVersion adds a version: the settings given, over those of the source version if one is named.
func CreateLaunchTemplateVersion(c *world.Call, in *ec2.CreateLaunchTemplateVersionInput) (*ec2.CreateLaunchTemplateVersionOutput, error) {
	once, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	t, err := findTemplate(c.Region, in.LaunchTemplateId, in.LaunchTemplateName)
	if err != nil {
		return nil, err
	}
	if in.LaunchTemplateData == nil {
		return nil, listing.Missing("LaunchTemplateData")
	}
	if once.Made == "" {
		if err := appendVersion(c, t, in); err != nil {
			return nil, err
		}
		once.Made = strconv.FormatInt(t.Latest, 10)
		once.Done(once.Made)
	}
	v, err := findVersion(t, once.Made)
	if err != nil {
		return nil, err
	}
	view, err := versionOut(c, versionRow{t, v}, aws.ToBool(in.ResolveAlias))
	return &ec2.CreateLaunchTemplateVersionOutput{LaunchTemplateVersion: &view}, err
}

func appendVersion(c *world.Call, t *world.LaunchTemplate, in *ec2.CreateLaunchTemplateVersionInput) error {
	data := *in.LaunchTemplateData
	if in.SourceVersion != nil {
		source, err := findVersion(t, *in.SourceVersion)
		if err != nil {
			return err
		}
		base, err := readData(source)
		if err != nil {
			return err
		}
		data = overlay(base, data)
	}
	return addVersion(c, t, data, in.VersionDescription)
}

// ModifyLaunchTemplate makes another version the default one.
func ModifyLaunchTemplate(c *world.Call, in *ec2.ModifyLaunchTemplateInput) (*ec2.ModifyLaunchTemplateOutput, error) {
	t, err := findTemplate(c.Region, in.LaunchTemplateId, in.LaunchTemplateName)
	if err != nil {
		return nil, err
	}
	if in.DefaultVersion != nil {
		v, err := findVersion(t, *in.DefaultVersion)
		if err != nil {
			return nil, err
		}
		t.Default = v.Number
	}
	return &ec2.ModifyLaunchTemplateOutput{LaunchTemplate: templateOut(t)}, nil
}

// DeleteLaunchTemplate removes a template with all its versions; what was launched from it runs on.
func DeleteLaunchTemplate(c *world.Call, in *ec2.DeleteLaunchTemplateInput) (*ec2.DeleteLaunchTemplateOutput, error) {
	t, err := findTemplate(c.Region, in.LaunchTemplateId, in.LaunchTemplateName)
	if err != nil {
		return nil, err
	}
	c.Region.EC2.Templates.Delete(t.ID)
	return &ec2.DeleteLaunchTemplateOutput{LaunchTemplate: templateOut(t)}, nil
}

// DeleteLaunchTemplateVersions removes versions one by one: each either goes or is listed with the reason.
func DeleteLaunchTemplateVersions(c *world.Call, in *ec2.DeleteLaunchTemplateVersionsInput) (*ec2.DeleteLaunchTemplateVersionsOutput, error) {
	t, err := findTemplate(c.Region, in.LaunchTemplateId, in.LaunchTemplateName)
	if err != nil {
		return nil, err
	}
	if len(in.Versions) == 0 {
		return nil, listing.Missing("LaunchTemplateVersion")
	}
	if len(in.Versions) > 200 {
		return nil, listing.Invalid("You can specify up to 200 launch template versions.")
	}
	out := &ec2.DeleteLaunchTemplateVersionsOutput{}
	for _, ref := range in.Versions {
		number, refusal := deleteVersion(t, ref)
		if refusal != nil {
			out.UnsuccessfullyDeletedLaunchTemplateVersions = append(out.UnsuccessfullyDeletedLaunchTemplateVersions,
				types.DeleteLaunchTemplateVersionsResponseErrorItem{
					LaunchTemplateId: aws.String(t.ID), LaunchTemplateName: aws.String(t.Name),
					VersionNumber: aws.Int64(number), ResponseError: refusal,
				})
			continue
		}
		out.SuccessfullyDeletedLaunchTemplateVersions = append(out.SuccessfullyDeletedLaunchTemplateVersions,
			types.DeleteLaunchTemplateVersionsResponseSuccessItem{
				LaunchTemplateId: aws.String(t.ID), LaunchTemplateName: aws.String(t.Name), VersionNumber: aws.Int64(number),
			})
	}
	return out, nil
}

func deleteVersion(t *world.LaunchTemplate, ref string) (int64, *types.ResponseError) {
	number, err := strconv.ParseInt(ref, 10, 64)
	i := slices.IndexFunc(t.Versions, func(v world.LaunchTemplateVersion) bool { return v.Number == number })
	switch {
	case err != nil || i < 0:
		return number, &types.ResponseError{
			Code:    types.LaunchTemplateErrorCodeLaunchTemplateVersionDoesNotExist,
			Message: aws.String("The launch template version does not exist."),
		}
	case number == t.Default:
		return number, &types.ResponseError{
			Code:    types.LaunchTemplateErrorCodeUnexpectedError,
			Message: aws.String("The default version of a launch template cannot be deleted."),
		}
	}
	t.Versions = slices.Delete(slices.Clone(t.Versions), i, i+1)
	return number, nil
}

// findTemplate finds a template by its id or else by its name.
func findTemplate(r *world.Region, id, name *string) (*world.LaunchTemplate, error) {
	switch {
	case aws.ToString(id) != "" && aws.ToString(name) != "":
		return nil, wire.Errorf("InvalidParameterCombination",
			"The parameters LaunchTemplateId and LaunchTemplateName may not be specified together.")
	case aws.ToString(id) != "":
		return templateKind().Find(r, *id)
	case aws.ToString(name) != "":
		return templateByName(r, *name)
	default:
		return nil, listing.Missing("LaunchTemplateId or LaunchTemplateName")
	}
}

func templateByName(r *world.Region, name string) (*world.LaunchTemplate, error) {
	for t := range r.EC2.Templates.Rows() {
		if t.Name == name {
			return t, nil
		}
	}
	return nil, wire.Errorf("InvalidLaunchTemplateName.NotFoundException",
		"The specified launch template, with template name %s, does not exist.", name)
}

// findVersion finds a version by number, $Latest or $Default; the empty text is the default version.
func findVersion(t *world.LaunchTemplate, ref string) (*world.LaunchTemplateVersion, error) {
	var number int64
	var err error
	switch ref {
	case "", "$Default":
		number = t.Default
	case "$Latest":
		number = newestVersion(t)
	default:
		number, err = strconv.ParseInt(ref, 10, 64)
	}
	if err != nil {
		return nil, listing.Invalid("Invalid launch template version: %s. A version is a number, $Latest or $Default.", ref)
	}
	for i := range t.Versions {
		if t.Versions[i].Number == number {
			return &t.Versions[i], nil
		}
	}
	return nil, wire.Errorf("InvalidLaunchTemplateId.VersionNotFound",
		"Could not find launch template version %d for launch template %s.", number, t.ID)
}

// newestVersion is what $Latest means: the highest number that is still there.
func newestVersion(t *world.LaunchTemplate) int64 {
	if len(t.Versions) == 0 {
		return t.Latest
	}
	return t.Versions[len(t.Versions)-1].Number
}

// FindTemplate finds a launch template by id or name (the other one empty) and one of its versions, which is a number,
// $Latest or $Default, or empty for the default one. Refusals have EC2's codes.
func FindTemplate(r *world.Region, id, name, version string) (*world.LaunchTemplate, *world.LaunchTemplateVersion, error) {
	t, err := findTemplate(r, aws.String(id), aws.String(name))
	if err != nil {
		return nil, nil, err
	}
	v, err := findVersion(t, version)
	if err != nil {
		return nil, nil, err
	}
	return t, v, nil
}
