//! Every kind of message, one file each. A new one is a file here and two lines below.

pub mod e0101_unknown_statement;
pub mod e0102_malformed_statement;
pub mod e0103_unclosed_block;
pub mod e0104_stray_lines;
pub mod e0105_unclosed_string;
pub mod e0106_unclosed_raw;
pub mod e0107_not_utf8;
pub mod e0108_cannot_read;
pub mod e0109_file_too_large;
pub mod e0110_too_many_errors;
pub mod e0111_unknown_escape;
pub mod e0112_mixed_indent;
pub mod e0113_misplaced_statement;
pub mod e0114_yaml;
pub mod e0115_nested_too_deep;
pub mod e0201_unknown_parameter;
pub mod e0202_unknown_template;
pub mod e0203_wrong_arguments;
pub mod e0204_endless_expansion;
pub mod e0205_not_a_list;
pub mod e0207_said_twice;
pub mod e0208_unknown_toolchain;
pub mod e0210_import;
pub mod e0211_other_compiler;
pub mod e0212_bad_id;
pub mod e0213_run_time_if;
pub mod e0214_word_for_a_name;
pub mod e0216_unknown_repository;
pub mod e0301_bad_value;
pub mod e0302_unknown_word;
pub mod e0303_step_without_work;
pub mod e0304_bad_matrix;
pub mod e0306_action_without_ref;
pub mod e0308_unknown_background;
pub mod e0311_no_job;
pub mod e0312_without_effect;
pub mod e0317_deadlock;
pub mod e0318_without_rows;
pub mod e0325_not_of_the_call;
pub mod e0326_missing_in_call;
pub mod e0327_wrong_type_in_call;
pub mod e0328_not_callable;
pub mod e0346_unreadable_profile;
pub mod e0348_too_small;
pub mod e0351_cannot_fetch;
pub mod e0401_unknown_job;
pub mod e0402_cycle;
pub mod e0403_read_of_nothing;
pub mod e0404_race;
pub mod e0405_limit_not_met;
pub mod e0501_matrix_too_large;
pub mod e0502_text_too_long;
pub mod e0503_bad_id;
pub mod e0505_too_many_inputs;
pub mod e0506_not_a_workflow;
pub mod e0507_unknown_key;
pub mod e0508_wrong_form;
pub mod e0509_missing_key;
pub mod e0510_import_differs;
pub mod e0601_expression_syntax;
pub mod e0602_double_quotes;
pub mod e0603_unknown_operator;
pub mod e0604_unclosed;
pub mod e0605_empty_expression;
pub mod e0606_expression_too_large;
pub mod e0607_unclosed_hole;
pub mod e0608_unknown_context;
pub mod e0609_context_not_available;
pub mod e0610_unknown_property;
pub mod e0611_unknown_function;
pub mod e0612_function_not_available;
pub mod e0613_argument_count;
pub mod e0614_format_placeholder;
pub mod e0615_bad_json;
pub mod e0616_object_in_text;
pub mod e0617_macro_argument;
pub mod e0618_glob_in_condition;
pub mod e0619_case_condition;
pub mod e0620_no_expression_here;
pub mod e0703_needs_target;
pub mod e0712_bad_lock;
pub mod e0713_lock_in_conflict;
pub mod e0715_moved_tag;
pub mod e0716_cannot_ask;
pub mod e0717_no_such_reference;
pub mod e0738_unresolved_image;
pub mod e0740_cannot_record;
pub mod e0742_unreadable_lock;
pub mod e0747_more_than_the_caller;
pub mod e0801_foreign_file;
pub mod e0802_shared_output;
pub mod e0803_out_of_date;
pub mod e0804_cannot_write;
pub mod e0805_orphan;
pub mod e0806_merge_conflict;
pub mod e0820_not_staged;
pub mod e0821_no_such_past;
pub mod e0822_unheard_event;
pub mod r0209_undetected_toolchain;
pub mod r0352_shards_do_the_same;
pub mod r0705_no_cache_key;
pub mod r0706_saved_for_itself;
pub mod r0711_bump_taken_over;
pub mod r0714_bump_not_meant;
pub mod r0721_all_secrets_passed;
pub mod r0722_image_without_version;
pub mod r0724_wide_permissions;
pub mod r0725_own_machine;
pub mod r0731_cache_in_release;
pub mod r0733_token_for_index;
pub mod r0736_text_as_code;
pub mod r0737_cannot_read;
pub mod r0743_may_be_read_again;
pub mod r0749_gates_of_one_name;
pub mod r0750_read_without_credentials;
pub mod r0756_anybody_may_start;
pub mod r0757_layers_overwritten;
pub mod r0758_event_in_a_variable;
pub mod r0760_gate_behind_filter;
pub mod w0206_note_of_a_definition;
pub mod w0215_nothing_found;
pub mod w0217_variable_like_a_name;
pub mod w0305_event_as_branch;
pub mod w0307_unknown_runner;
pub mod w0309_keyword_in_list;
pub mod w0310_statement_in_command;
pub mod w0313_exclude_of_nothing;
pub mod w0314_artifact_twice;
pub mod w0316_too_often;
pub mod w0320_unknown_input;
pub mod w0321_missing_input;
pub mod w0322_unknown_output;
pub mod w0323_retired_action;
pub mod w0324_missing_action;
pub mod w0331_filter_of_nothing;
pub mod w0332_items_in_one_text;
pub mod w0333_container_without_linux;
pub mod w0335_unused_axis;
pub mod w0336_without_checkout;
pub mod w0347_unknown_time;
pub mod w0349_no_image;
pub mod w0353_shards_of_rows;
pub mod w0406_unknown_price;
pub mod w0407_unknown_rows;
pub mod w0408_ended_every_time;
pub mod w0504_file_too_large;
pub mod w0511_leading_zeros;
pub mod w0512_comment_for_a_tool;
pub mod w0651_almost_a_hole;
pub mod w0652_never_equal;
pub mod w0653_constant_condition;
pub mod w0654_substring;
pub mod w0655_falsy_ternary;
pub mod w0656_text_as_boolean;
pub mod w0657_unused_format_argument;
pub mod w0658_swapped_arguments;
pub mod w0659_star_across_folders;
pub mod w0701_not_acted_on;
pub mod w0702_lock_may_cancel;
pub mod w0704_gate_cannot_judge;
pub mod w0707_script_injection;
pub mod w0710_unpinned_action;
pub mod w0718_young_tag;
pub mod w0719_not_in_githubs_lock;
pub mod w0720_foreign_code;
pub mod w0723_password_in_spec;
pub mod w0726_all_secrets_at_once;
pub mod w0727_part_of_secret;
pub mod w0728_spoofable_bot;
pub mod w0729_variables_of_strangers;
pub mod w0730_unsecure_commands;
pub mod w0732_roundabout_reference;
pub mod w0734_needs_permission;
pub mod w0735_no_credentials;
pub mod w0739_never_chosen;
pub mod w0741_branch_of_a_fork;
pub mod w0744_longer_than_allowed;
pub mod w0745_read_of_skipped;
pub mod w0746_toolchain_of_another_system;
pub mod w0748_image_without_bash;
pub mod w0751_gh_without_token;
pub mod w0752_push_without_login;
pub mod w0753_missing_component;
pub mod w0754_left_in_builder;
pub mod w0755_install_without_files;
pub mod w0759_credentials_in_artifact;

use super::Code;

/// Errors that are warnings under `optimize off`: GitHub takes what they refuse, although it is most likely a mistake. All other errors are of our
/// language, which an import does not break, or of what GitHub refuses.
pub static ADVICE: &[&Code] = &[&e0318_without_rows::CODE, &e0610_unknown_property::CODE, &e0616_object_in_text::CODE];

/// Every kind of message, by number.
#[rustfmt::skip] // one line each, so that two branches that add one merge
pub static ALL: &[&Code] = &[
    &e0101_unknown_statement::CODE,
    &e0102_malformed_statement::CODE,
    &e0103_unclosed_block::CODE,
    &e0104_stray_lines::CODE,
    &e0105_unclosed_string::CODE,
    &e0106_unclosed_raw::CODE,
    &e0107_not_utf8::CODE,
    &e0108_cannot_read::CODE,
    &e0109_file_too_large::CODE,
    &e0110_too_many_errors::CODE,
    &e0111_unknown_escape::CODE,
    &e0112_mixed_indent::CODE,
    &e0113_misplaced_statement::CODE,
    &e0114_yaml::CODE,
    &e0115_nested_too_deep::CODE,
    &e0201_unknown_parameter::CODE,
    &e0202_unknown_template::CODE,
    &e0203_wrong_arguments::CODE,
    &e0204_endless_expansion::CODE,
    &e0205_not_a_list::CODE,
    &w0206_note_of_a_definition::CODE,
    &e0207_said_twice::CODE,
    &e0208_unknown_toolchain::CODE,
    &r0209_undetected_toolchain::CODE,
    &e0210_import::CODE,
    &e0211_other_compiler::CODE,
    &e0212_bad_id::CODE,
    &e0213_run_time_if::CODE,
    &e0214_word_for_a_name::CODE,
    &w0215_nothing_found::CODE,
    &e0216_unknown_repository::CODE,
    &w0217_variable_like_a_name::CODE,
    &e0301_bad_value::CODE,
    &e0302_unknown_word::CODE,
    &e0303_step_without_work::CODE,
    &e0304_bad_matrix::CODE,
    &w0305_event_as_branch::CODE,
    &e0306_action_without_ref::CODE,
    &w0307_unknown_runner::CODE,
    &e0308_unknown_background::CODE,
    &w0309_keyword_in_list::CODE,
    &w0310_statement_in_command::CODE,
    &e0311_no_job::CODE,
    &e0312_without_effect::CODE,
    &w0313_exclude_of_nothing::CODE,
    &w0314_artifact_twice::CODE,
    &w0316_too_often::CODE,
    &e0317_deadlock::CODE,
    &e0318_without_rows::CODE,
    &w0320_unknown_input::CODE,
    &w0321_missing_input::CODE,
    &w0322_unknown_output::CODE,
    &w0323_retired_action::CODE,
    &w0324_missing_action::CODE,
    &e0325_not_of_the_call::CODE,
    &e0326_missing_in_call::CODE,
    &e0327_wrong_type_in_call::CODE,
    &e0328_not_callable::CODE,
    &w0331_filter_of_nothing::CODE,
    &w0332_items_in_one_text::CODE,
    &w0333_container_without_linux::CODE,
    &w0335_unused_axis::CODE,
    &w0336_without_checkout::CODE,
    &e0346_unreadable_profile::CODE,
    &w0347_unknown_time::CODE,
    &e0348_too_small::CODE,
    &w0349_no_image::CODE,
    &e0351_cannot_fetch::CODE,
    &r0352_shards_do_the_same::CODE,
    &w0353_shards_of_rows::CODE,
    &e0401_unknown_job::CODE,
    &e0402_cycle::CODE,
    &e0403_read_of_nothing::CODE,
    &e0404_race::CODE,
    &e0405_limit_not_met::CODE,
    &w0406_unknown_price::CODE,
    &w0407_unknown_rows::CODE,
    &w0408_ended_every_time::CODE,
    &e0501_matrix_too_large::CODE,
    &e0502_text_too_long::CODE,
    &e0503_bad_id::CODE,
    &w0504_file_too_large::CODE,
    &e0505_too_many_inputs::CODE,
    &e0506_not_a_workflow::CODE,
    &e0507_unknown_key::CODE,
    &e0508_wrong_form::CODE,
    &e0509_missing_key::CODE,
    &e0510_import_differs::CODE,
    &w0511_leading_zeros::CODE,
    &w0512_comment_for_a_tool::CODE,
    &e0601_expression_syntax::CODE,
    &e0602_double_quotes::CODE,
    &e0603_unknown_operator::CODE,
    &e0604_unclosed::CODE,
    &e0605_empty_expression::CODE,
    &e0606_expression_too_large::CODE,
    &e0607_unclosed_hole::CODE,
    &e0608_unknown_context::CODE,
    &e0609_context_not_available::CODE,
    &e0610_unknown_property::CODE,
    &e0611_unknown_function::CODE,
    &e0612_function_not_available::CODE,
    &e0613_argument_count::CODE,
    &e0614_format_placeholder::CODE,
    &e0615_bad_json::CODE,
    &e0616_object_in_text::CODE,
    &e0617_macro_argument::CODE,
    &e0618_glob_in_condition::CODE,
    &e0619_case_condition::CODE,
    &e0620_no_expression_here::CODE,
    &w0651_almost_a_hole::CODE,
    &w0652_never_equal::CODE,
    &w0653_constant_condition::CODE,
    &w0654_substring::CODE,
    &w0655_falsy_ternary::CODE,
    &w0656_text_as_boolean::CODE,
    &w0657_unused_format_argument::CODE,
    &w0658_swapped_arguments::CODE,
    &w0659_star_across_folders::CODE,
    &w0701_not_acted_on::CODE,
    &w0702_lock_may_cancel::CODE,
    &e0703_needs_target::CODE,
    &w0704_gate_cannot_judge::CODE,
    &r0705_no_cache_key::CODE,
    &r0706_saved_for_itself::CODE,
    &w0707_script_injection::CODE,
    &w0710_unpinned_action::CODE,
    &r0711_bump_taken_over::CODE,
    &e0712_bad_lock::CODE,
    &e0713_lock_in_conflict::CODE,
    &r0714_bump_not_meant::CODE,
    &e0715_moved_tag::CODE,
    &e0716_cannot_ask::CODE,
    &e0717_no_such_reference::CODE,
    &w0718_young_tag::CODE,
    &w0719_not_in_githubs_lock::CODE,
    &w0720_foreign_code::CODE,
    &r0721_all_secrets_passed::CODE,
    &r0722_image_without_version::CODE,
    &w0723_password_in_spec::CODE,
    &r0724_wide_permissions::CODE,
    &r0725_own_machine::CODE,
    &w0726_all_secrets_at_once::CODE,
    &w0727_part_of_secret::CODE,
    &w0728_spoofable_bot::CODE,
    &w0729_variables_of_strangers::CODE,
    &w0730_unsecure_commands::CODE,
    &r0731_cache_in_release::CODE,
    &w0732_roundabout_reference::CODE,
    &r0733_token_for_index::CODE,
    &w0734_needs_permission::CODE,
    &w0735_no_credentials::CODE,
    &r0736_text_as_code::CODE,
    &r0737_cannot_read::CODE,
    &e0738_unresolved_image::CODE,
    &w0739_never_chosen::CODE,
    &e0740_cannot_record::CODE,
    &w0741_branch_of_a_fork::CODE,
    &e0742_unreadable_lock::CODE,
    &r0743_may_be_read_again::CODE,
    &w0744_longer_than_allowed::CODE,
    &w0745_read_of_skipped::CODE,
    &w0746_toolchain_of_another_system::CODE,
    &e0747_more_than_the_caller::CODE,
    &w0748_image_without_bash::CODE,
    &r0749_gates_of_one_name::CODE,
    &r0750_read_without_credentials::CODE,
    &w0751_gh_without_token::CODE,
    &w0752_push_without_login::CODE,
    &w0753_missing_component::CODE,
    &w0754_left_in_builder::CODE,
    &w0755_install_without_files::CODE,
    &r0756_anybody_may_start::CODE,
    &r0757_layers_overwritten::CODE,
    &r0758_event_in_a_variable::CODE,
    &w0759_credentials_in_artifact::CODE,
    &r0760_gate_behind_filter::CODE,
    &e0801_foreign_file::CODE,
    &e0802_shared_output::CODE,
    &e0803_out_of_date::CODE,
    &e0804_cannot_write::CODE,
    &e0805_orphan::CODE,
    &e0806_merge_conflict::CODE,
    &e0820_not_staged::CODE,
    &e0821_no_such_past::CODE,
    &e0822_unheard_event::CODE,
];
