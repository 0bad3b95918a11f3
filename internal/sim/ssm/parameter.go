package ssm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// GetParameter gives one parameter by its name or ARN, with or without the version behind a colon.
func GetParameter(c *world.Call, in *ssm.GetParameterInput) (*ssm.GetParameterOutput, error) {
	if aws.ToString(in.Name) == "" {
		return nil, invalid("Value null at 'name' failed to satisfy constraint: Member must not be null")
	}
	p, err := find(c, *in.Name)
	if err != nil {
		return nil, err
	}
	return &ssm.GetParameterOutput{Parameter: &p}, nil
}

// GetParameters gives up to ten parameters; the names that nothing has come back as such.
func GetParameters(c *world.Call, in *ssm.GetParametersInput) (*ssm.GetParametersOutput, error) {
	if len(in.Names) == 0 {
		return nil, invalid("Value '[]' at 'names' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	if len(in.Names) > 10 {
		return nil, invalid("Value '[%s]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
			strings.Join(in.Names, ", "))
	}
	out := &ssm.GetParametersOutput{Parameters: []types.Parameter{}, InvalidParameters: []string{}}
	for _, name := range in.Names {
		if p, err := find(c, name); err == nil {
			out.Parameters = append(out.Parameters, p)
		} else {
			out.InvalidParameters = append(out.InvalidParameters, name)
		}
	}
	return out, nil
}

// find looks a parameter up. A version that is not the present one is not there: AWS keeps old versions of public
// parameters to itself, and those of the account have one.
func find(c *world.Call, asked string) (types.Parameter, error) {
	name, short := asked, ""
	if _, rest, ok := strings.Cut(asked, ":parameter/"); ok && strings.HasPrefix(asked, "arn:") {
		name, short = "/"+rest, rest
	}
	name, version, selected := strings.Cut(name, ":")
	short, _, _ = strings.Cut(short, ":")
	p, ok := named(c, name, short)
	if !ok {
		return types.Parameter{}, wire.Errorf("ParameterNotFound", "")
	}
	out := parameterOut(c, p)
	if !selected {
		return out, nil
	}
	if version != strconv.FormatInt(p.Version, 10) {
		return types.Parameter{}, wire.Errorf("ParameterVersionNotFound",
			"Systems Manager could not find version %s of %s. Verify the version and try again.", version, name)
	}
	out.Selector = aws.String(":" + version)
	return out, nil
}

func parameterOut(c *world.Call, p ec2.PublicParameter) types.Parameter {
	return types.Parameter{
		Name: aws.String(p.Name), Value: aws.String(p.Value), Version: p.Version, Type: types.ParameterTypeString,
		ARN: aws.String(arn(c, p)), DataType: aws.String(dataType(p)), LastModifiedDate: aws.Time(p.Modified),
	}
}

// arn of a public parameter has no account.
func arn(c *world.Call, p ec2.PublicParameter) string {
	if !isPublic(p.Name) {
		return c.ARN("ssm", "parameter/"+strings.TrimPrefix(p.Name, "/"))
	}
	return "arn:aws:ssm:" + c.Region.Name + "::parameter" + p.Name
}

func dataType(p ec2.PublicParameter) string {
	if strings.HasPrefix(p.Value, "ami-") {
		return "aws:ec2:image"
	}
	return "text"
}

// GetParametersByPath lists the parameters right below a path or, recursively, everywhere below it.
func GetParametersByPath(c *world.Call, in *ssm.GetParametersByPathInput) (*ssm.GetParametersByPathOutput, error) {
	path := aws.ToString(in.Path)
	if !strings.HasPrefix(path, "/") {
		return nil, wire.Errorf("ValidationException", "The parameter doesn't meet the parameter name requirements. "+
			"The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
	}
	checks, err := tests(in.ParameterFilters, "Type", "KeyId", "Label", "DataType")
	if err != nil {
		return nil, err
	}
	checks = append(checks, func(p ec2.PublicParameter) bool { return below(p.Name, path, aws.ToBool(in.Recursive)) })
	rows, next, err := page(passing(c, checks), in.MaxResults, in.NextToken, 10)
	if err != nil {
		return nil, err
	}
	out := &ssm.GetParametersByPathOutput{NextToken: next, Parameters: []types.Parameter{}}
	for _, p := range rows {
		out.Parameters = append(out.Parameters, parameterOut(c, p))
	}
	return out, nil
}

func below(name, path string, recursive bool) bool {
	rest, ok := strings.CutPrefix(name, strings.TrimSuffix(path, "/")+"/")
	return ok && (recursive || !strings.Contains(rest, "/"))
}

// DescribeParameters lists the account's parameters, and the public ones only if a filter on Name or Path asks below
// /aws/service.
func DescribeParameters(c *world.Call, in *ssm.DescribeParametersInput) (*ssm.DescribeParametersOutput, error) {
	filters := slices.Clone(in.ParameterFilters)
	for _, f := range in.Filters { // the older form
		filters = append(filters, types.ParameterStringFilter{
			Key: aws.String(string(f.Key)), Option: aws.String("BeginsWith"), Values: f.Values,
		})
	}
	checks, err := tests(filters, "Name", "Path", "Type", "KeyId", "Label", "Tier", "DataType")
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(filters, asksPublic) {
		checks = append(checks, func(p ec2.PublicParameter) bool { return !isPublic(p.Name) })
	}
	rows, next, err := page(passing(c, checks), in.MaxResults, in.NextToken, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeParametersOutput{NextToken: next, Parameters: []types.ParameterMetadata{}}
	for _, p := range rows {
		out.Parameters = append(out.Parameters, types.ParameterMetadata{
			Name: aws.String(p.Name), ARN: aws.String(arn(c, p)), Type: types.ParameterTypeString, Version: p.Version,
			DataType: aws.String(dataType(p)), LastModifiedDate: aws.Time(p.Modified), Tier: types.ParameterTierStandard,
			LastModifiedUser: aws.String(madeBy(p)), Policies: []types.ParameterInlinePolicy{},
		})
	}
	return out, nil
}

// madeBy is who has written a parameter last.
func madeBy(p ec2.PublicParameter) string {
	if isPublic(p.Name) {
		return "Amazon Web Services"
	}
	return "arn:aws:iam::" + world.Account + ":root"
}

func asksPublic(f types.ParameterStringFilter) bool {
	key := aws.ToString(f.Key)
	return (key == "Name" || key == "Path") &&
		slices.ContainsFunc(f.Values, func(v string) bool { return strings.HasPrefix(v, "/aws/service") })
}

// invalid is the refusal of a request that does not have the form of the API.
func invalid(format string, a ...any) error {
	return wire.Errorf("ValidationException", "1 validation error detected: "+format, a...)
}
