package ec2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// creator is who makes everything in the simulated account.
const creator = "arn:aws:iam::" + world.Account + ":root"

// DescribeLaunchTemplates lists templates by id, by name, or all.
func DescribeLaunchTemplates(c *world.Call, in *ec2.DescribeLaunchTemplatesInput) (*ec2.DescribeLaunchTemplatesOutput, error) {
	ids := slices.Clone(in.LaunchTemplateIds)
	for _, name := range in.LaunchTemplateNames {
		t, err := templateByName(c.Region, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, t.ID)
	}
	rows, next, err := templateKind().List(c.Region, listing.Query[world.LaunchTemplate]{
		IDs: ids, Filters: in.Filters, Known: templateFields(),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1, Most: 200, Usual: 200},
	})
	if err != nil {
		return nil, err
	}
	one := func(t *world.LaunchTemplate) types.LaunchTemplate { return *templateOut(t) }
	return &ec2.DescribeLaunchTemplatesOutput{NextToken: next, LaunchTemplates: listing.Each(rows, one)}, nil
}

func templateFields() listing.Fields[world.LaunchTemplate] {
	return listing.Fields[world.LaunchTemplate]{
		"create-time":          func(t *world.LaunchTemplate) []string { return listing.Moment(t.CreatedAt) },
		"launch-template-name": func(t *world.LaunchTemplate) []string { return listing.One(t.Name) },
	}
}

func templateOut(t *world.LaunchTemplate) *types.LaunchTemplate {
	return &types.LaunchTemplate{
		LaunchTemplateId: aws.String(t.ID), LaunchTemplateName: aws.String(t.Name),
		CreateTime: aws.Time(t.CreatedAt), CreatedBy: aws.String(creator),
		DefaultVersionNumber: aws.Int64(t.Default), LatestVersionNumber: aws.Int64(newestVersion(t)),
		Tags: listing.ToTags(t.Tags), Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
}

// versionRow is a version with its template.
type versionRow struct {
	*world.LaunchTemplate
	v *world.LaunchTemplateVersion
}

// DescribeLaunchTemplateVersions lists versions of one template, the newest first, or without a template the latest or
// default version of every one.
func DescribeLaunchTemplateVersions(c *world.Call, in *ec2.DescribeLaunchTemplateVersionsInput) (*ec2.DescribeLaunchTemplateVersionsOutput, error) {
	picked, err := pickVersions(c.Region, in)
	if err != nil {
		return nil, err
	}
	var views []*types.LaunchTemplateVersion
	for _, row := range picked {
		v, err := versionOut(c, row, aws.ToBool(in.ResolveAlias))
		if err != nil {
			return nil, err
		}
		views = append(views, &v)
	}
	views, err = listing.Sift(slices.Values(views), in.Filters, versionFields(), func(*types.LaunchTemplateVersion) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	views, next, err := listing.Page(views, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1, Most: 200, Usual: 200})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeLaunchTemplateVersionsOutput{NextToken: next}
	for _, v := range views {
		out.LaunchTemplateVersions = append(out.LaunchTemplateVersions, *v)
	}
	return out, nil
}

func pickVersions(r *world.Region, in *ec2.DescribeLaunchTemplateVersionsInput) ([]versionRow, error) {
	if in.LaunchTemplateId == nil && in.LaunchTemplateName == nil {
		return versionsOfAll(r, in.Versions)
	}
	t, err := findTemplate(r, in.LaunchTemplateId, in.LaunchTemplateName)
	if err != nil {
		return nil, err
	}
	if len(in.Versions) == 0 {
		return versionRange(t, in.MinVersion, in.MaxVersion)
	}
	var rows []versionRow
	for _, ref := range in.Versions {
		v, err := findVersion(t, ref)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(rows, func(row versionRow) bool { return row.v == v }) {
			rows = append(rows, versionRow{t, v})
		}
	}
	return rows, nil
}

func versionsOfAll(r *world.Region, refs []string) ([]versionRow, error) {
	if len(refs) == 0 {
		return nil, listing.Missing("LaunchTemplateId or LaunchTemplateName")
	}
	var rows []versionRow
	for t := range r.EC2.Templates.Rows() {
		for _, ref := range refs {
			if ref != "$Latest" && ref != "$Default" {
				return nil, listing.Invalid("Without a launch template only the versions $Latest and $Default may be asked for, not %s", ref)
			}
			v, err := findVersion(t, ref)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(rows, func(row versionRow) bool { return row.v == v }) {
				rows = append(rows, versionRow{t, v})
			}
		}
	}
	return rows, nil
}

// versionRange are the versions between two numbers, both included; an absent bound bounds nothing.
func versionRange(t *world.LaunchTemplate, least, most *string) ([]versionRow, error) {
	low, err := bound(least, 1)
	if err != nil {
		return nil, err
	}
	high, err := bound(most, t.Latest)
	if err != nil {
		return nil, err
	}
	var rows []versionRow
	for i := len(t.Versions) - 1; i >= 0; i-- {
		if v := &t.Versions[i]; v.Number >= low && v.Number <= high {
			rows = append(rows, versionRow{t, v})
		}
	}
	return rows, nil
}

func bound(ref *string, otherwise int64) (int64, error) {
	if ref == nil {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(*ref, 10, 64)
	if err != nil {
		return 0, listing.Invalid("Invalid launch template version: %s.", *ref)
	}
	return n, nil
}

func versionOut(c *world.Call, row versionRow, resolve bool) (types.LaunchTemplateVersion, error) {
	data, err := retype[types.ResponseLaunchTemplateData](row.v.Data)
	if err != nil {
		return types.LaunchTemplateVersion{}, err
	}
	if resolve && data.ImageId != nil {
		id, err := resolveAlias(c.World, c.Region, *data.ImageId)
		if err != nil {
			return types.LaunchTemplateVersion{}, err
		}
		data.ImageId = aws.String(id)
	}
	v := types.LaunchTemplateVersion{
		LaunchTemplateId: aws.String(row.ID), LaunchTemplateName: aws.String(row.Name),
		VersionNumber: aws.Int64(row.v.Number), DefaultVersion: aws.Bool(row.v.Number == row.Default),
		CreateTime: aws.Time(row.v.CreatedAt), CreatedBy: aws.String(creator), LaunchTemplateData: &data,
		Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
	if row.v.Description != "" {
		v.VersionDescription = aws.String(row.v.Description)
	}
	return v, nil
}

func versionFields() listing.Fields[types.LaunchTemplateVersion] {
	type version = types.LaunchTemplateVersion
	data := func(f func(*types.ResponseLaunchTemplateData) []string) func(*version) []string {
		return func(v *version) []string {
			if v.LaunchTemplateData == nil {
				return nil
			}
			return f(v.LaunchTemplateData)
		}
	}
	return listing.Fields[version]{
		"create-time":        func(v *version) []string { return listing.Moment(aws.ToTime(v.CreateTime)) },
		"is-default-version": func(v *version) []string { return listing.Yes(aws.ToBool(v.DefaultVersion)) },
		"ebs-optimized":      data(func(d *types.ResponseLaunchTemplateData) []string { return listing.Yes(aws.ToBool(d.EbsOptimized)) }),
		"image-id":           data(func(d *types.ResponseLaunchTemplateData) []string { return listing.One(aws.ToString(d.ImageId)) }),
		"instance-type":      data(func(d *types.ResponseLaunchTemplateData) []string { return listing.One(d.InstanceType) }),
		"kernel-id":          data(func(d *types.ResponseLaunchTemplateData) []string { return listing.One(aws.ToString(d.KernelId)) }),
		"ram-disk-id":        data(func(d *types.ResponseLaunchTemplateData) []string { return listing.One(aws.ToString(d.RamDiskId)) }),
		"iam-instance-profile": data(func(d *types.ResponseLaunchTemplateData) []string {
			if d.IamInstanceProfile == nil {
				return nil
			}
			return listing.One(aws.ToString(d.IamInstanceProfile.Arn))
		}),
		"http-endpoint": data(func(d *types.ResponseLaunchTemplateData) []string {
			if d.MetadataOptions == nil {
				return nil
			}
			return listing.One(d.MetadataOptions.HttpEndpoint)
		}),
		"http-tokens": data(func(d *types.ResponseLaunchTemplateData) []string {
			if d.MetadataOptions == nil {
				return nil
			}
			return listing.One(d.MetadataOptions.HttpTokens)
		}),
	}
}

// resolveAlias gives the image that an image id of a template stands for: itself, or what a public parameter says.
func resolveAlias(w *world.World, r *world.Region, id string) (string, error) {
	name, ok := strings.CutPrefix(id, "resolve:ssm:")
	if !ok {
		return id, nil
	}
	p, found := FindPublicParameter(r.Name, name, w.Now())
	if !found || !listing.WellFormed("ami", p.Value) {
		return "", listing.Invalid("Cannot resolve the parameter '%s' to an image id", name)
	}
	return p.Value, nil
}
