package asg

import (
	"errors"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// usualVersion is the version of a reference that names none; it stands for a number that a launch looks up.
const usualVersion = "$Default"

// readTemplate checks that a launch template and its version exist.
func readTemplate(r *world.Region, in *types.LaunchTemplateSpecification) (world.TemplateRef, error) {
	id, name := aws.ToString(in.LaunchTemplateId), aws.ToString(in.LaunchTemplateName)
	if (id == "") == (name == "") {
		return world.TemplateRef{}, invalid("Valid requests must contain either launchTemplateId or LaunchTemplateName")
	}
	version := usualVersion
	if v := aws.ToString(in.Version); v != "" {
		version = v
	}
	if n, err := strconv.ParseInt(version, 10, 64); (err != nil || n < 1) && version != "$Latest" && version != usualVersion {
		return world.TemplateRef{}, invalid("Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.")
	}
	t, _, err := ec2.FindTemplate(r, id, name, version)
	if err != nil {
		return world.TemplateRef{}, invalid("You must use a valid fully-formed launch template. %s", message(err))
	}
	return world.TemplateRef{ID: t.ID, Name: t.Name, Version: version}, nil
}

// message is what a refusal says, without its code.
func message(err error) string {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e.Message
	}
	return err.Error()
}

// code is a refusal's code, or empty.
func code(err error) string {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e.Code
	}
	return ""
}

// numbered is a reference with the number that its version stands for at the moment.
func (g group) numbered(ref world.TemplateRef) world.TemplateRef {
	if _, v, err := ec2.FindTemplate(g.r, ref.ID, "", ref.Version); err == nil {
		ref.Version = strconv.FormatInt(v.Number, 10)
	}
	return ref
}

func viewTemplate(ref world.TemplateRef) *types.LaunchTemplateSpecification {
	if ref.ID == "" {
		return nil
	}
	return &types.LaunchTemplateSpecification{
		LaunchTemplateId: aws.String(ref.ID), LaunchTemplateName: aws.String(ref.Name), Version: aws.String(ref.Version),
	}
}
