package ssm

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

const (
	family      = "/aws/service/ecs/optimized-ami/amazon-linux-2023"
	recommended = family + "/recommended"
)

func call() *world.Call {
	w := world.New(1)
	w.Attach(Handlers(), nil)
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ssm"}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want the code %s", err, code)
	}
}

func get(t *testing.T, c *world.Call, name string) *types.Parameter {
	t.Helper()
	out, err := GetParameter(c, &ssm.GetParameterInput{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return out.Parameter
}

func TestPublicParameterHasNoAccount(t *testing.T) {
	p := get(t, call(), recommended)
	if *p.ARN != "arn:aws:ssm:eu-west-1::parameter"+recommended || p.Type != types.ParameterTypeString || *p.DataType != "text" {
		t.Errorf("%s %s %s", *p.ARN, p.Type, *p.DataType)
	}
	if !strings.Contains(*p.Value, `"image_name":"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64"`) {
		t.Error(*p.Value)
	}
}

func TestParameterIsFoundByNameVersionAndARN(t *testing.T) {
	c := call()
	p := get(t, c, recommended+"/image_id")
	if got := get(t, c, *p.ARN); *got.Value != *p.Value {
		t.Error("another parameter under the ARN")
	}
	if got := get(t, c, *p.Name+":64"); *got.Value != *p.Value || *got.Selector != ":64" || p.Version != 64 {
		t.Errorf("version %d", p.Version)
	}
	_, err := GetParameter(c, &ssm.GetParameterInput{Name: aws.String(*p.Name + ":1")})
	refused(t, err, "ParameterVersionNotFound")
	_, err = GetParameter(c, &ssm.GetParameterInput{Name: aws.String("/mine")})
	refused(t, err, "ParameterNotFound")
	_, err = GetParameter(c, &ssm.GetParameterInput{})
	refused(t, err, "ValidationException")
}

func TestRecommendedMovesOnWithTime(t *testing.T) {
	c := call()
	before := get(t, c, recommended+"/image_id")
	c.Advance(31 * 24 * time.Hour)
	after := get(t, c, recommended+"/image_id")
	if *before.Value == *after.Value || after.Version != before.Version+1 || !after.LastModifiedDate.After(*before.LastModifiedDate) {
		t.Errorf("%s, then %s", *before.Value, *after.Value)
	}
}

func TestUnknownNamesComeBackAsInvalid(t *testing.T) {
	c := call()
	out, err := GetParameters(c, &ssm.GetParametersInput{Names: []string{"/none", recommended}})
	if err != nil || len(out.Parameters) != 1 || len(out.InvalidParameters) != 1 || out.InvalidParameters[0] != "/none" {
		t.Errorf("%v %v", out, err)
	}
	_, err = GetParameters(c, &ssm.GetParametersInput{Names: make([]string, 11)})
	refused(t, err, "ValidationException")
	_, err = GetParameters(c, &ssm.GetParametersInput{})
	refused(t, err, "ValidationException")
}

func byPath(t *testing.T, c *world.Call, in ssm.GetParametersByPathInput) (names []string, pages int) {
	t.Helper()
	for {
		out, err := GetParametersByPath(c, &in)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, p := range out.Parameters {
			names = append(names, *p.Name)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return names, pages
		}
	}
}

func TestPathListsOneLevelOrAll(t *testing.T) {
	c := call()
	level, _ := byPath(t, c, ssm.GetParametersByPathInput{Path: aws.String(family)})
	if len(level) != 5 || level[4] != recommended { // four releases and the newest of them
		t.Errorf("%v", level)
	}
	all, pages := byPath(t, c, ssm.GetParametersByPathInput{Path: aws.String(family + "/"), Recursive: aws.Bool(true)})
	if len(all) != 4*5*9 || pages != 18 { // x86_64, arm64, gpu and neuron
		t.Errorf("%d parameters on %d pages", len(all), pages)
	}
	none, _ := byPath(t, c, ssm.GetParametersByPathInput{Path: aws.String("/mine")})
	if len(none) != 0 {
		t.Errorf("%v", none)
	}
}

func TestPathIsRefusedWithSSMsCodes(t *testing.T) {
	c := call()
	for code, in := range map[string]ssm.GetParametersByPathInput{
		"ValidationException": {Path: aws.String("mine")},
		"InvalidNextToken":    {Path: aws.String(family), NextToken: aws.String("x")},
		"InvalidFilterKey":    {Path: aws.String(family), ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Tier")}}},
		"InvalidFilterOption": {Path: aws.String(family), ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Type"), Option: aws.String("x")}}},
	} {
		_, err := GetParametersByPath(c, &in)
		refused(t, err, code)
	}
	for _, n := range []int32{0, 11} {
		_, err := GetParametersByPath(c, &ssm.GetParametersByPathInput{Path: aws.String(family), MaxResults: &n})
		refused(t, err, "ValidationException")
	}
}

func TestDescribeShowsPublicParametersOnlyWhenAskedFor(t *testing.T) {
	c := call()
	own, err := DescribeParameters(c, &ssm.DescribeParametersInput{})
	if err != nil || len(own.Parameters) != 0 {
		t.Errorf("%v %v", own, err)
	}
	for _, f := range []types.ParameterStringFilter{
		{Key: aws.String("Name"), Option: aws.String("BeginsWith"), Values: []string{recommended}},
		{Key: aws.String("Path"), Option: aws.String("Recursive"), Values: []string{family}},
		{Key: aws.String("Path"), Values: []string{recommended}},
		{Key: aws.String("Name"), Values: []string{recommended}},
	} {
		out, err := DescribeParameters(c, &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{f}})
		if err != nil || len(out.Parameters) == 0 {
			t.Errorf("%s %s: %v", *f.Key, f.Values, err)
		}
	}
	older, err := DescribeParameters(c, &ssm.DescribeParametersInput{Filters: []types.ParametersFilter{{Key: types.ParametersFilterKeyName, Values: []string{recommended + "/image"}}}})
	if err != nil || len(older.Parameters) != 3 || *older.Parameters[0].DataType != "aws:ec2:image" {
		t.Errorf("%v %v", older, err)
	}
}
