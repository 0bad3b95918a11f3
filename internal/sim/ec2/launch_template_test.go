package ec2

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Whatever member a client may write, at any depth, it reads back.
func TestTemplateDataIsReadAsItWasWritten(t *testing.T) {
	var data types.RequestLaunchTemplateData
	fill(reflect.ValueOf(&data).Elem(), 1)
	out, err := retype[types.ResponseLaunchTemplateData](data)
	if err != nil {
		t.Fatal(err)
	}
	got, want := flat(t, out), flat(t, data)
	for path, v := range want {
		switch {
		case got[path] == v:
		case strings.Contains(path, ".Operator.") || strings.Contains(path, ".SecondaryInterfaces"):
		default:
			t.Errorf("%s: wrote %s, read %q", path, v, got[path])
		}
	}
}

func TestRunInstancesDataHasTheNamesOfTemplateData(t *testing.T) {
	var in ec2.RunInstancesInput
	fill(reflect.ValueOf(&in).Elem(), 1)
	data, err := runData(&in)
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.ValueOf(data)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if v.Type().Field(i).IsExported() && v.Field(i).IsZero() && name != "InstanceRequirements" {
			t.Errorf("%s of RunInstances is lost", name)
		}
	}
}

// fill sets every member to something of its own.
func fill(v reflect.Value, seed int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), seed)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, seed%60, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), seed*7+i)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), seed+1)
	case reflect.String:
		v.SetString(fmt.Sprint("s", seed))
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(seed%1000 + 1))
	case reflect.Float64:
		v.SetFloat(float64(seed%1000) + 0.5)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("a launch template holds a " + v.Type().String())
	}
}

// flat is a value as paths and texts.
func flat(t *testing.T, v any) map[string]string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(string, any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, e := range x {
				walk(path+"."+k, e)
			}
		case []any:
			for i, e := range x {
				walk(fmt.Sprintf("%s[%d]", path, i), e)
			}
		case nil:
		default:
			out[path] = fmt.Sprint(x)
		}
	}
	walk("", tree)
	return out
}

func versions(s *site, in *ec2.DescribeLaunchTemplateVersionsInput) []int64 {
	s.t.Helper()
	var out []int64
	for _, v := range do(s, DescribeLaunchTemplateVersions, in).LaunchTemplateVersions {
		out = append(out, *v.VersionNumber)
	}
	return out
}

func TestNewVersionIsLaidOverItsSource(t *testing.T) {
	s := newSite(t, "eu-west-1")
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.UserData, d.EbsOptimized = aws.String("YQ=="), aws.Bool(true)
	})
	do(s, CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: aws.String(id), SourceVersion: aws.String("1"), VersionDescription: aws.String("smaller disk"),
		LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: "t3.large", EbsOptimized: aws.Bool(false)},
	})
	bare := do(s, CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateName: aws.String("nodes"), LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: "m5.large"},
	}).LaunchTemplateVersion
	same(t, "number", *bare.VersionNumber, 3)
	if bare.LaunchTemplateData.ImageId != nil {
		t.Error("a version without a source has another one's image")
	}
	second := do(s, DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: aws.String(id), Versions: []string{"2"},
	}).LaunchTemplateVersions[0]
	same(t, "description", *second.VersionDescription, "smaller disk")
	same(t, "type", second.LaunchTemplateData.InstanceType, "t3.large")
	same(t, "image", *second.LaunchTemplateData.ImageId, s.image)
	same(t, "user data", *second.LaunchTemplateData.UserData, "YQ==")
	same(t, "optimized", *second.LaunchTemplateData.EbsOptimized, false)
	same(t, "default", *second.DefaultVersion, false)
}

func TestVersionsAreListedAsAskedFor(t *testing.T) {
	s := newSite(t, "eu-west-1")
	id := s.template("nodes", nil)
	s.template("others", nil)
	for range 3 {
		do(s, CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: aws.String(id), SourceVersion: aws.String("$Latest"), LaunchTemplateData: &types.RequestLaunchTemplateData{},
		})
	}
	do(s, ModifyLaunchTemplate, &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: aws.String(id), DefaultVersion: aws.String("2")})
	type input = ec2.DescribeLaunchTemplateVersionsInput
	for name, c := range map[string]struct {
		in   input
		want []int64
	}{
		"all, newest first":       {input{LaunchTemplateId: &id}, []int64{4, 3, 2, 1}},
		"by number":               {input{LaunchTemplateId: &id, Versions: []string{"1", "3"}}, []int64{1, 3}},
		"latest and default":      {input{LaunchTemplateId: &id, Versions: []string{"$Latest", "$Default"}}, []int64{4, 2}},
		"a range":                 {input{LaunchTemplateId: &id, MinVersion: aws.String("2"), MaxVersion: aws.String("3")}, []int64{3, 2}},
		"the latest of all":       {input{Versions: []string{"$Latest"}}, []int64{4, 1}},
		"the default of all":      {input{Versions: []string{"$Default"}}, []int64{2, 1}},
		"filtered by default":     {input{LaunchTemplateId: &id, Filters: filter("is-default-version", "true")}, []int64{2}},
		"filtered by nobody's":    {input{LaunchTemplateId: &id, Filters: filter("instance-type", "t2.nano")}, nil},
		"filtered by http tokens": {input{LaunchTemplateId: &id, Filters: filter("http-tokens", "required")}, nil},
	} {
		if got := versions(s, &c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	first := do(s, DescribeLaunchTemplateVersions, &input{LaunchTemplateId: &id, MaxResults: aws.Int32(3)})
	same(t, "page", len(first.LaunchTemplateVersions), 3)
	same(t, "rest", len(versions(s, &input{LaunchTemplateId: &id, MaxResults: aws.Int32(3), NextToken: first.NextToken})), 1)
	refused(s, DescribeLaunchTemplateVersions, &input{}, "MissingParameter")
	refused(s, DescribeLaunchTemplateVersions, &input{Versions: []string{"1"}}, "InvalidParameterValue")
	refused(s, DescribeLaunchTemplateVersions, &input{LaunchTemplateId: &id, Versions: []string{"9"}}, "InvalidLaunchTemplateId.VersionNotFound")
	refused(s, DescribeLaunchTemplateVersions, &input{LaunchTemplateId: &id, Versions: []string{"new"}}, "InvalidParameterValue")
	refused(s, DescribeLaunchTemplateVersions, &input{LaunchTemplateId: &id, MinVersion: aws.String("new")}, "InvalidParameterValue")
	refused(s, DescribeLaunchTemplateVersions, &input{LaunchTemplateId: &id, Filters: filter("x", "y")}, "InvalidParameterValue")
}

func TestAliasIsResolvedOnDemand(t *testing.T) {
	s := newSite(t, "eu-west-1")
	alias := "resolve:ssm:" + ecsParameters + "amazon-linux-2023/recommended/image_id"
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) { d.ImageId = &alias })
	for resolve, want := range map[bool]string{false: alias, true: s.image} {
		out := do(s, DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &id, ResolveAlias: &resolve})
		same(t, "image", *out.LaunchTemplateVersions[0].LaunchTemplateData.ImageId, want)
	}
}

func TestDefaultVersionCannotBeDeleted(t *testing.T) {
	s := newSite(t, "eu-west-1")
	id := s.template("nodes", nil)
	for range 2 {
		do(s, CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: &id, LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: "t3.micro"},
		})
	}
	out := do(s, DeleteLaunchTemplateVersions, &ec2.DeleteLaunchTemplateVersionsInput{LaunchTemplateId: &id, Versions: []string{"1", "3", "9"}})
	same(t, "deleted", *out.SuccessfullyDeletedLaunchTemplateVersions[0].VersionNumber, 3)
	same(t, "refused", len(out.UnsuccessfullyDeletedLaunchTemplateVersions), 2)
	same(t, "reason", out.UnsuccessfullyDeletedLaunchTemplateVersions[1].ResponseError.Code, types.LaunchTemplateErrorCodeLaunchTemplateVersionDoesNotExist)
	next := do(s, CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: &id, LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: "t3.micro"},
	})
	same(t, "number after a deletion", *next.LaunchTemplateVersion.VersionNumber, 4)
	refused(s, DeleteLaunchTemplateVersions, &ec2.DeleteLaunchTemplateVersionsInput{LaunchTemplateId: &id}, "MissingParameter")
	refused(s, DeleteLaunchTemplateVersions, &ec2.DeleteLaunchTemplateVersionsInput{
		LaunchTemplateId: &id, Versions: make([]string, 201),
	}, "InvalidParameterValue")
}

func TestTemplatesAreFoundByNameIdAndTag(t *testing.T) {
	s := newSite(t, "eu-west-1")
	a := s.template("nodes", nil)
	do(s, CreateTags, &ec2.CreateTagsInput{Resources: []string{a}, Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("ops")}}})
	s.template("others", nil)
	type input = ec2.DescribeLaunchTemplatesInput
	for name, in := range map[string]input{
		"name":         {LaunchTemplateNames: []string{"nodes"}},
		"id":           {LaunchTemplateIds: []string{a}},
		"tag":          {Filters: filter("tag:Team", "ops")},
		"named filter": {Filters: filter("launch-template-name", "node*")},
	} {
		out := do(s, DescribeLaunchTemplates, &in).LaunchTemplates
		if len(out) != 1 || *out[0].LaunchTemplateId != a {
			t.Errorf("%s: got %d templates", name, len(out))
		}
	}
	page := do(s, DescribeLaunchTemplates, &input{MaxResults: aws.Int32(1)})
	same(t, "page", len(page.LaunchTemplates), 1)
	same(t, "rest", *do(s, DescribeLaunchTemplates, &input{NextToken: page.NextToken}).LaunchTemplates[0].LaunchTemplateName, "others")
	refused(s, DescribeLaunchTemplates, &input{LaunchTemplateNames: []string{"none"}}, "InvalidLaunchTemplateName.NotFoundException")
	refused(s, DescribeLaunchTemplates, &input{LaunchTemplateIds: []string{"lt-00000000000000000"}}, "InvalidLaunchTemplateId.NotFound")
	refused(s, DescribeLaunchTemplates, &input{LaunchTemplateIds: []string{"lt-x"}}, "InvalidLaunchTemplateId.Malformed")
	do(s, DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: aws.String("nodes")})
	same(t, "left", len(do(s, DescribeLaunchTemplates, &input{}).LaunchTemplates), 1)
	refused(s, DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: aws.String("nodes")}, "InvalidLaunchTemplateName.NotFoundException")
	refused(s, DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{}, "MissingParameter")
	refused(s, DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: &a, LaunchTemplateId: &a}, "InvalidParameterCombination")
}

func TestTemplatesAreRefusedWithEC2sCodes(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.template("taken", nil)
	type data = types.RequestLaunchTemplateData
	disk := func(e types.LaunchTemplateEbsBlockDeviceRequest) *data {
		return &data{BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{{DeviceName: aws.String("/dev/xvda"), Ebs: &e}}}
	}
	tagged := func(kind types.ResourceType, key string) *data {
		return &data{TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{{ResourceType: kind, Tags: []types.Tag{{Key: &key}}}}}
	}
	for name, c := range map[string]struct {
		name string
		data *data
		code string
	}{
		"no name":           {"", &data{}, "MissingParameter"},
		"no data":           {"x-y", nil, "MissingParameter"},
		"short name":        {"xy", &data{}, "InvalidLaunchTemplateName.MalformedException"},
		"odd name":          {"x y z", &data{}, "InvalidLaunchTemplateName.MalformedException"},
		"taken name":        {"taken", &data{}, "InvalidLaunchTemplateName.AlreadyExistsException"},
		"user data":         {"new", &data{UserData: aws.String("#!/bin/sh")}, "InvalidUserData.Malformed"},
		"long user data":    {"new", &data{UserData: aws.String(strings.Repeat("YWFh", 5462))}, "InvalidParameterValue"},
		"aws tag":           {"new", tagged("instance", "aws:x"), "InvalidParameterValue"},
		"tag on what is no": {"new", tagged("vpc", "x"), "InvalidParameterValue"},
		"gp2 throughput":    {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp2", Throughput: aws.Int32(200)}), "InvalidParameterCombination"},
		"st1 iops":          {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "st1", Iops: aws.Int32(200)}), "InvalidParameterCombination"},
		"io2 without iops":  {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "io2"}), "MissingParameter"},
		"gp3 too fast":      {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp3", Iops: aws.Int32(80001)}), "InvalidParameterValue"},
		"gp3 too slow":      {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp3", Iops: aws.Int32(2999)}), "InvalidParameterValue"},
		"gp3 iops for size": {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp3", VolumeSize: aws.Int32(10), Iops: aws.Int32(5001)}), "InvalidParameterValue"},
		"gp3 throughput":    {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp3", Throughput: aws.Int32(124)}), "InvalidParameterValue"},
		"gp3 ratio":         {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp3", Throughput: aws.Int32(751)}), "InvalidParameterValue"},
		"gp2 too large":     {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp2", VolumeSize: aws.Int32(16385)}), "InvalidParameterValue"},
		"io1 iops for size": {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "io1", VolumeSize: aws.Int32(10), Iops: aws.Int32(501)}), "InvalidParameterValue"},
		"unknown disk":      {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{VolumeType: "gp9"}), "InvalidParameterValue"},
		"key without lock":  {"new", disk(types.LaunchTemplateEbsBlockDeviceRequest{KmsKeyId: aws.String("k")}), "InvalidParameterValue"},
		"no device name":    {"new", &data{BlockDeviceMappings: make([]types.LaunchTemplateBlockDeviceMappingRequest, 1)}, "MissingParameter"},
		"no market":         {"new", &data{InstanceMarketOptions: &types.LaunchTemplateInstanceMarketOptionsRequest{}}, "MissingParameter"},
		"profile twice": {"new", &data{IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{
			Arn: aws.String("a"), Name: aws.String("b"),
		}}, "InvalidParameterCombination"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(s, CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{LaunchTemplateName: &c.name, LaunchTemplateData: c.data}, c.code)
		})
	}
	same(t, "templates", s.Region.EC2.Templates.Len(), 1)
}

func TestTemplateWithATokenIsMadeOnce(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.Operation = "CreateLaunchTemplate"
	in := &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("nodes"), LaunchTemplateData: &types.RequestLaunchTemplateData{}, ClientToken: aws.String("t"),
	}
	a, b := do(s, CreateLaunchTemplate, in), do(s, CreateLaunchTemplate, in)
	same(t, "id", *b.LaunchTemplate.LaunchTemplateId, *a.LaunchTemplate.LaunchTemplateId)
	s.Operation = "CreateLaunchTemplateVersion"
	version := &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateName: aws.String("nodes"), LaunchTemplateData: &types.RequestLaunchTemplateData{}, ClientToken: aws.String("v"),
	}
	for range 2 {
		same(t, "version", *do(s, CreateLaunchTemplateVersion, version).LaunchTemplateVersion.VersionNumber, 2)
	}
}
